package io.text2video.worker.tokenizer;

import java.util.Arrays;
import java.util.List;

/**
 * A text's ids and what the limit cut from it. Immutable: the ids are copied on their way in and out.
 *
 * @param ids unpadded, {@code </s>} last
 * @param pieces what each id stands for, spaces as U+2581, unknown characters as they are
 * @param truncatedTokens how many ids the limit cut; 0 when the text fits
 * @param truncatedText what those ids stand for, in the tokenizer's normal form; empty when the text fits
 */
@SuppressWarnings("ArrayRecordComponent") // the engine takes ids as long[]; equality is by content below
public record Encoding(long[] ids, List<String> pieces, int truncatedTokens, String truncatedText) {
    public Encoding {
        ids = ids.clone();
        pieces = List.copyOf(pieces);
    }

    @Override
    public long[] ids() {
        return ids.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Encoding that
                && Arrays.equals(ids, that.ids)
                && pieces.equals(that.pieces)
                && truncatedTokens == that.truncatedTokens
                && truncatedText.equals(that.truncatedText);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(ids);
    }

    @Override
    public String toString() {
        return Arrays.toString(ids) + (truncatedTokens == 0 ? "" : " without \"" + truncatedText + "\"");
    }
}
