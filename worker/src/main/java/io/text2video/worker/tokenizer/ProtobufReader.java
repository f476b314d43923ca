package io.text2video.worker.tokenizer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The fields of one protobuf message, in order. Reads what a SentencePiece model needs: varints, 32-bit floats and
 * length-delimited values. Every misuse of the format ends in {@link IllegalArgumentException} or
 * {@link java.nio.BufferUnderflowException}.
 */
final class ProtobufReader {
    private static final int VARINT = 0;
    private static final int FIXED_64 = 1;
    private static final int LENGTH_DELIMITED = 2;
    private static final int FIXED_32 = 5;

    private final ByteBuffer bytes;
    private int wireType;

    ProtobufReader(ByteBuffer bytes) {
        this.bytes = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    boolean hasNext() {
        return bytes.hasRemaining();
    }

    /** Number of the next field; its value must be read or skipped before the one after. */
    int nextField() {
        long tag = varint();
        wireType = (int) (tag & 7);
        return Math.toIntExact(tag >>> 3);
    }

    int readInt() {
        expect(VARINT);
        return Math.toIntExact(varint());
    }

    float readFloat() {
        expect(FIXED_32);
        return bytes.getFloat();
    }

    String readString() {
        return StandardCharsets.UTF_8.decode(readBytes()).toString();
    }

    ProtobufReader readMessage() {
        return new ProtobufReader(readBytes());
    }

    void skip() {
        switch (wireType) {
            case VARINT -> varint();
            case FIXED_64 -> bytes.getLong();
            case LENGTH_DELIMITED -> readBytes();
            case FIXED_32 -> bytes.getInt();
            default -> throw new IllegalArgumentException("wire type " + wireType + " is unknown");
        }
    }

    private ByteBuffer readBytes() {
        expect(LENGTH_DELIMITED);
        long length = varint();
        if (length < 0 || length > bytes.remaining()) {
            throw new IllegalArgumentException(
                    "a value of " + length + " bytes where " + bytes.remaining() + " are left");
        }
        ByteBuffer value = bytes.slice(bytes.position(), (int) length);
        bytes.position(bytes.position() + (int) length);
        return value;
    }

    private long varint() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte next = bytes.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("a varint is longer than 64 bits");
    }

    private void expect(int wanted) {
        if (wireType != wanted) {
            throw new IllegalArgumentException("wire type " + wireType + " where " + wanted + " belongs");
        }
    }
}
