package org.millrace.conf;

/** The settings of capture while they are being read. */
final class CaptureDraft {
    String dir;
    long maxSize;
    int maxAgeS;
    int segmentSize;
    int sample;
    boolean redact;
    int ring;

    CaptureDraft() {
        CaptureDirectives.TABLE.applyDefaults(this);
    }

    CaptureConfig build() {
        return new CaptureConfig(dir, maxSize, maxAgeS, segmentSize, sample, redact, ring);
    }
}
