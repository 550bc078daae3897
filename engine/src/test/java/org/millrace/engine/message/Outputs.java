package org.millrace.engine.message;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.millrace.io.Output;

/** Reads outputs in tests. */
final class Outputs {
    private Outputs() {
    }

    /** What is unsent, as text. */
    static String text(Output output) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (int i = 0; i < output.chunks(); i++) {
            byte[] bytes = new byte[output.chunkLength(i)];
            output.chunkSegment(i).buffer().getBytes(output.chunkOffset(i), bytes);
            text.writeBytes(bytes);
        }
        return text.toString(StandardCharsets.ISO_8859_1);
    }
}
