package org.millrace.routing.hash;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.millrace.routing.Vectors;

/** The digest against the JDK's, around every block border. */
class Md5Test {
    private static final long SEED = 20_261_122L;
    private final Md5 md5 = new Md5();

    @Test
    void shouldAgreeWithTheJdkAtEveryLength() throws NoSuchAlgorithmException {
        MessageDigest reference = MessageDigest.getInstance("MD5");
        Random random = new Random(SEED);
        for (int length = 0; length <= 300; length++) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            assertArrayEquals(reference.digest(bytes), digestOf(bytes), "length " + length + ", seed " + SEED);
        }
    }

    @Test
    void shouldComputeTheRecordedKetamaPoints() {
        for (Object item : Vectors.list(Vectors.read("hash"), "ketama_points")) {
            Map<?, ?> vector = (Map<?, ?>) item;
            byte[] label = ((String) vector.get("string")).getBytes(US_ASCII);
            md5.digest(new UnsafeBuffer(label), 0, label.length);
            List<?> points = Vectors.list(vector, "points");
            for (int i = 0; i < 4; i++) {
                assertEquals(Vectors.number(points.get(i)), Integer.toUnsignedLong(md5.word(i)), vector::toString);
            }
        }
    }

    @Test
    void shouldRefuseAWordBeyondTheDigest() {
        assertThrows(IndexOutOfBoundsException.class, () -> md5.word(4));
    }

    private byte[] digestOf(byte[] bytes) {
        md5.digest(new UnsafeBuffer(bytes), 0, bytes.length);
        ByteBuffer digest = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 4; i++) {
            digest.putInt(md5.word(i));
        }
        return digest.array();
    }
}
