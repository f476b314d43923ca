package io.text2video.worker.weights;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Parses the JSON of a header as a stream and checks that its tensors tile the data section. */
final class SafetensorsHeader {
    static final String METADATA = "__metadata__";

    /** No tensor of a published model has more than five. */
    private static final int MOST_DIMENSIONS = 64;

    /** The largest published checkpoints have some tens of thousands; each costs memory beyond its bytes in the header. */
    private static final int MOST_TENSORS = 1 << 18;

    /** Metadata are notes; a header full of them would cost many times its bytes on the heap. */
    private static final int MOST_METADATA = 1 << 16;

    private static final int MOST_METADATA_CHARACTERS = 1 << 24;

    /** Header, tensor, array: the format nests no deeper. */
    private static final int DEEPEST_NESTING = 3;

    private static final JsonFactory JSON = new JsonFactoryBuilder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            // Names of a hostile header must neither stay in a table shared by the process nor fail its collision
            // check.
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST_NESTING)
                    .maxNumberLength(20)
                    .maxNameLength(1 << 16)
                    .maxStringLength(MOST_METADATA_CHARACTERS)
                    .build())
            .build();

    private final Path path;
    private final JsonParser parser;
    private final long dataStart;
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private final Map<String, TensorInfo> tensors = new LinkedHashMap<>();

    private SafetensorsHeader(Path path, JsonParser parser, long dataStart) {
        this.path = path;
        this.parser = parser;
        this.dataStart = dataStart;
    }

    static SafetensorsFile parse(Path path, byte[] header, long dataLength) throws InvalidSafetensorsException {
        if (header.length == 0 || header[0] != '{') {
            throw new InvalidSafetensorsException(path, "has a header that does not start with '{'");
        }
        long dataStart = SafetensorsFile.LENGTH_BYTES + (long) header.length;
        // A reader, as Jackson's byte parser accepts encodings other than the UTF-8 that the format demands.
        Reader utf8 = new InputStreamReader(
                new ByteArrayInputStream(header),
                StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT));
        try (JsonParser parser = JSON.createParser(utf8)) {
            SafetensorsHeader reader = new SafetensorsHeader(path, parser, dataStart);
            reader.readAll();
            reader.checkTiling(dataLength);
            return new SafetensorsFile(path, reader.metadata, reader.tensors);
        } catch (CharacterCodingException e) {
            throw new InvalidSafetensorsException(path, "has a header that is not UTF-8");
        } catch (JsonProcessingException e) {
            throw new InvalidSafetensorsException(
                    path, "has a header that is not valid JSON: " + e.getOriginalMessage());
        } catch (InvalidSafetensorsException e) {
            throw e;
        } catch (IOException e) {
            throw new InvalidSafetensorsException(path, "has an unreadable header: " + e.getMessage());
        }
    }

    private void readAll() throws IOException {
        expect(parser.nextToken(), JsonToken.START_OBJECT, "header");
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            expect(parser.nextToken(), JsonToken.START_OBJECT, name);
            if (name.equals(METADATA)) {
                readMetadata();
            } else {
                if (tensors.size() == MOST_TENSORS) {
                    throw refuse("lists more than " + MOST_TENSORS + " tensors");
                }
                tensors.put(name, readTensor(name));
            }
        }
        if (parser.nextToken() != null) {
            throw refuse("has " + parser.currentToken() + " after the header's object");
        }
    }

    private void readMetadata() throws IOException {
        long characters = 0;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String key = parser.currentName();
            expect(parser.nextToken(), JsonToken.VALUE_STRING, METADATA + "." + key);
            characters += key.length() + parser.getTextLength();
            if (metadata.size() == MOST_METADATA || characters > MOST_METADATA_CHARACTERS) {
                throw refuse("has more metadata than " + MOST_METADATA + " entries or " + MOST_METADATA_CHARACTERS
                        + " characters");
            }
            metadata.put(key, parser.getText());
        }
    }

    private TensorInfo readTensor(String name) throws IOException {
        SafetensorsDtype dtype = null;
        long[] shape = null;
        long[] offsets = null;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            JsonToken token = parser.nextToken();
            switch (field) {
                case "dtype" -> {
                    expect(token, JsonToken.VALUE_STRING, name + ".dtype");
                    String text = parser.getText();
                    dtype = SafetensorsDtype.named(text)
                            .orElseThrow(() -> refuse("tensor " + name + " has the unknown dtype " + text));
                }
                case "shape" -> shape = readLongs(token, name + ".shape");
                case "data_offsets" -> offsets = readLongs(token, name + ".data_offsets");
                default -> throw refuse("tensor " + name + " has the unknown field " + field);
            }
        }
        if (dtype == null || shape == null || offsets == null) {
            throw refuse("tensor " + name + " lacks "
                    + (dtype == null ? "dtype" : shape == null ? "shape" : "data_offsets"));
        }
        if (offsets.length != 2 || offsets[0] > offsets[1]) {
            throw refuse(
                    "tensor " + name + " has data_offsets " + Arrays.toString(offsets) + ", not a begin and an end");
        }
        long claimed = offsets[1] - offsets[0];
        long needed = byteLength(name, dtype, shape);
        if (claimed != needed) {
            throw refuse("tensor " + name + " takes " + claimed + " bytes but its shape and dtype need " + needed);
        }
        return new TensorInfo(name, dtype, shape, path, offsets[0], claimed);
    }

    private long byteLength(String name, SafetensorsDtype dtype, long[] shape) throws InvalidSafetensorsException {
        try {
            long bytes = dtype.bytes();
            for (long dimension : shape) {
                bytes = Math.multiplyExact(bytes, dimension);
            }
            return bytes;
        } catch (ArithmeticException e) {
            throw refuse("tensor " + name + " has a shape whose size overflows 64 bits");
        }
    }

    private long[] readLongs(JsonToken first, String what) throws IOException {
        expect(first, JsonToken.START_ARRAY, what);
        List<Long> values = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            expect(parser.currentToken(), JsonToken.VALUE_NUMBER_INT, what);
            if (values.size() == MOST_DIMENSIONS) {
                throw refuse(what + " has more than " + MOST_DIMENSIONS + " values");
            }
            // Jackson throws a JsonProcessingException of its own where a number exceeds 64 bits.
            long value = parser.getLongValue();
            if (value < 0) {
                throw refuse(what + " has the negative value " + value);
            }
            values.add(value);
        }
        return values.stream().mapToLong(Long::longValue).toArray();
    }

    private void expect(JsonToken token, JsonToken wanted, String what) throws InvalidSafetensorsException {
        if (token != wanted) {
            throw refuse(what + " is " + token + " where " + wanted + " belongs");
        }
    }

    private InvalidSafetensorsException refuse(String reason) {
        return new InvalidSafetensorsException(path, reason);
    }

    /** Offsets begin at 0, each tensor begins where the one before ends, and the last ends with the file. */
    private void checkTiling(long dataLength) throws InvalidSafetensorsException {
        List<TensorInfo> byOffset = new ArrayList<>(tensors.values());
        byOffset.sort(Comparator.comparingLong(TensorInfo::offset).thenComparingLong(TensorInfo::byteLength));
        long end = 0;
        for (TensorInfo tensor : byOffset) {
            if (tensor.offset() != end) {
                throw refuse(
                        "tensor " + tensor.name() + " begins at " + tensor.offset() + " where the one before ends at "
                                + end + ": " + (tensor.offset() < end ? "they overlap" : "there is a hole"));
            }
            end = tensor.offset() + tensor.byteLength();
        }
        if (end != dataLength) {
            throw refuse("holds " + dataLength + " bytes of data but its tensors take " + end);
        }
        tensors.replaceAll((name, tensor) -> new TensorInfo(
                name, tensor.dtype(), tensor.shape(), path, dataStart + tensor.offset(), tensor.byteLength()));
    }
}
