package org.millrace.perf.capture;

/**
 * The layout of a capture file, little endian.
 * <pre>
 *   file header, 64 bytes                          record, at a multiple of 8
 *    0  "MILLRACE"                                  0  int   length, padding left out; 0 = nothing follows
 *    8  int   version, 1                            4  int   CRC-32C of what follows
 *   12  int   length of this header                 8  long  time in ns, of the clock of the header
 *   16  long  epoch in us  } one moment            16  long  conversation
 *   24  long  clock in ns  }                       24  byte  type, 25 byte flags, 26 unused
 *   32  int   flags: 1 = redacted                  32  bytes
 *   36  int   number of the file in its capture
 *   40  long  the capture: epoch in us of its begin
 * </pre>
 * The length is written last, so a file that ends anywhere, or whose process has died, reads up to its last whole
 * record.
 */
final class CaptureFormat {
    static final long MAGIC = 0x454341524c4c494dL;
    static final int VERSION = 1;
    static final int FILE_HEADER = 64;
    static final int VERSION_AT = 8;
    static final int HEADER_LENGTH_AT = 12;
    static final int EPOCH_AT = 16;
    static final int CLOCK_AT = 24;
    static final int FLAGS_AT = 32;
    static final int NUMBER_AT = 36;
    static final int CAPTURE_AT = 40;
    static final int REDACTED = 1;

    static final int RECORD_HEADER = 32;
    static final int CHECK_AT = 4;
    static final int CHECKED_FROM = 8;
    static final int TIME_AT = 8;
    static final int CONVERSATION_AT = 16;
    static final int TYPE_AT = 24;
    static final int RECORD_FLAGS_AT = 25;

    static final String PREFIX = "capture-";
    static final String SUFFIX = ".mrc";

    private static final int ALIGNMENT = 8;

    private CaptureFormat() {
    }

    /** Where the record behind one of this length begins, counted from where that begins. */
    static int padded(int length) {
        return length + ALIGNMENT - 1 & -ALIGNMENT;
    }
}
