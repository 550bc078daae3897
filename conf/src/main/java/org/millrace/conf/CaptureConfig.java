package org.millrace.conf;

/**
 * Where and how traffic is captured, for all pools that say {@code capture: true}.
 *
 * @param dir         folder of the files; null if none is named, and nothing can be captured
 * @param maxSize     bytes of all files together; the oldest is deleted
 * @param maxAgeS     seconds after which a file is deleted; 0 = never
 * @param segmentSize bytes of one file, at most half of {@code maxSize}
 * @param sample      one of so many clients is captured
 * @param redact      values are overwritten before they are written
 * @param ring        bytes between each lane and the writer
 */
public record CaptureConfig(String dir, long maxSize, int maxAgeS, int segmentSize, int sample, boolean redact,
    int ring) {

    /** The values that hold when the file has no {@code capture:} section. */
    public static CaptureConfig defaults() {
        return new CaptureDraft().build();
    }
}
