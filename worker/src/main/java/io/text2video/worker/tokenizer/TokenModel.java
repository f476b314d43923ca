package io.text2video.worker.tokenizer;

import java.util.List;

/** A vocabulary with the rules that cut a text by it. Implementations are safe across threads. */
sealed interface TokenModel extends AutoCloseable permits SentencePieceModel, TokenizerJsonModel {
    /** Every token of the text, special ones in it recognised, {@code </s>} not appended. */
    List<Token> encode(String text);

    @Override
    void close();
}
