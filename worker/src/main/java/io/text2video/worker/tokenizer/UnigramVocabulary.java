package io.text2video.worker.tokenizer;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The pieces of a SentencePiece unigram model with their log-probabilities, and the best way to cut a text into them.
 * Immutable. Source: {@code sentencepiece_model.proto}; Kudo, "Subword Regularization" (2018), section 3.2.
 *
 * <p>Long runs of one character, as in a ruled line, have cuts of equal probability, and which wins is decided by
 * rounding. SentencePiece before 0.2.2, which the native library is, compares a double with a float; since 0.2.2 all sums
 * are floats, and so they are here.
 */
final class UnigramVocabulary {
    /** How far below the rarest piece an unknown character scores. */
    private static final float UNKNOWN_PENALTY = 10;

    private static final int PIECES_FIELD = 1;
    private static final int SPELLING_FIELD = 1;
    private static final int SCORE_FIELD = 2;
    private static final int TYPE_FIELD = 3;
    private static final int TRAINER_FIELD = 2;
    private static final int MODEL_TYPE_FIELD = 3;
    private static final int UNIGRAM = 1;

    private final List<String> spellings = new ArrayList<>();
    private final Map<String, Piece> pieces = new HashMap<>();
    private int longest = 1;
    private float unknownScore;

    private record Piece(int id, float score) {}

    /** The best cut of the text's first characters: its score, and where its last piece starts and which one it is. */
    private static final class Path {
        private float score;
        private int start = -1;
        private int id;
    }

    private UnigramVocabulary() {}

    /** @throws IOException when the bytes are not such a model; the message says why */
    static UnigramVocabulary parse(byte[] model) throws IOException {
        UnigramVocabulary vocabulary = new UnigramVocabulary();
        CodedInputStream in = CodedInputStream.newInstance(model);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case PIECES_FIELD -> vocabulary.add(in.readBytes().newCodedInput());
                case TRAINER_FIELD -> requireUnigram(in.readBytes().newCodedInput());
                default -> in.skipField(tag);
            }
        }
        float lowest = 0;
        for (Piece piece : vocabulary.pieces.values()) {
            lowest = Math.min(lowest, piece.score());
        }
        vocabulary.unknownScore = lowest - UNKNOWN_PENALTY;
        return vocabulary;
    }

    /** The piece of an id, control pieces included; empty where there is none. */
    String spelling(int id) {
        return id < spellings.size() ? spellings.get(id) : "";
    }

    /**
     * Cuts a text.
     *
     * @param text in the model's normal form, spaces as U+2581
     * @return the pieces of the most probable cut; neighbouring unknown characters are one token
     */
    List<Token> cut(String text) {
        Path[] paths = new Path[text.length() + 1];
        for (int i = 0; i < paths.length; i++) {
            paths[i] = new Path();
        }
        int width;
        for (int start = 0; start < text.length(); start += width) {
            width = Character.charCount(text.codePointAt(start));
            float before = paths[start].score;
            boolean coversOneCharacter = false;
            int last = Math.min(text.length(), start + longest);
            for (int end = start + width; end <= last; end++) {
                Piece piece = pieces.get(text.substring(start, end));
                if (piece != null) {
                    improve(paths[end], start, piece.id(), before + piece.score());
                    coversOneCharacter |= end == start + width;
                }
            }
            if (!coversOneCharacter) {
                improve(paths[start + width], start, T5Tokenizer.UNKNOWN, before + unknownScore);
            }
        }
        return backtrack(text, paths);
    }

    private static void improve(Path path, int start, int id, float score) {
        if (path.start < 0 || score > path.score) {
            path.score = score;
            path.start = start;
            path.id = id;
        }
    }

    private static List<Token> backtrack(String text, Path[] paths) {
        List<Token> tokens = new ArrayList<>();
        int end = text.length();
        while (end > 0) {
            int id = paths[end].id;
            int start = paths[end].start;
            while (id == T5Tokenizer.UNKNOWN && start > 0 && paths[start].id == id) {
                start = paths[start].start;
            }
            tokens.add(new Token(id, text.substring(start, end)));
            end = start;
        }
        Collections.reverse(tokens);
        return tokens;
    }

    private void add(CodedInputStream message) throws IOException {
        String spelling = "";
        float score = 0;
        PieceType type = PieceType.NORMAL;
        for (int tag = message.readTag(); tag != 0; tag = message.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case SPELLING_FIELD -> spelling = message.readString();
                case SCORE_FIELD -> score = message.readFloat();
                case TYPE_FIELD -> type = PieceType.of(message.readEnum());
                default -> message.skipField(tag);
            }
        }
        if (type == PieceType.NORMAL) {
            pieces.put(spelling, new Piece(spellings.size(), score));
            longest = Math.max(longest, spelling.length());
        }
        spellings.add(spelling);
    }

    private static void requireUnigram(CodedInputStream trainer) throws IOException {
        for (int tag = trainer.readTag(); tag != 0; tag = trainer.readTag()) {
            if (WireFormat.getTagFieldNumber(tag) != MODEL_TYPE_FIELD) {
                trainer.skipField(tag);
                continue;
            }
            int type = trainer.readEnum();
            if (type != UNIGRAM) {
                throw new IOException("its model_type is " + type + ", not unigram (" + UNIGRAM + ")");
            }
        }
    }

    /** Numbers of the proto's {@code SentencePiece.Type}; user-defined and byte pieces are no part of a T5 vocabulary. */
    private enum PieceType {
        NORMAL,
        NEVER_IN_TEXT;

        static PieceType of(int number) throws IOException {
            return switch (number) {
                case 1 -> NORMAL;
                case 2, 3, 5 -> NEVER_IN_TEXT;
                default -> throw new IOException("it has a piece of type " + number);
            };
        }
    }
}
