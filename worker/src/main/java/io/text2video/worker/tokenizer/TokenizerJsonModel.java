package io.text2video.worker.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.text2video.worker.config.InvalidCheckpointException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code tokenizer.json} by the tokenizers library, whose tokenizer only reads once it is loaded. */
final class TokenizerJsonModel implements TokenModel {
    private final HuggingFaceTokenizer tokenizer;

    private TokenizerJsonModel(HuggingFaceTokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    static TokenizerJsonModel open(Path file) throws IOException {
        try {
            TokenizerJsonModel opened = new TokenizerJsonModel(HuggingFaceTokenizer.builder()
                    .optTokenizerPath(file)
                    .optAddSpecialTokens(false)
                    .optTruncation(false)
                    .optPadding(false)
                    .build());
            List<Token> end = opened.encode("</s>");
            if (end.size() == 1 && end.get(0).id() == T5Tokenizer.END) {
                return opened;
            }
            opened.close();
        } catch (RuntimeException e) {
            throw new InvalidCheckpointException(file, "is not a tokenizer: " + e.getMessage());
        }
        throw new InvalidCheckpointException(file, "is not a T5 vocabulary: </s> is not 1");
    }

    @Override
    public List<Token> encode(String text) {
        ai.djl.huggingface.tokenizers.Encoding encoding = tokenizer.encode(text);
        long[] ids = encoding.getIds();
        String[] pieces = encoding.getTokens();
        List<Token> tokens = new ArrayList<>(ids.length);
        for (int i = 0; i < ids.length; i++) {
            tokens.add(new Token(Math.toIntExact(ids[i]), pieces[i]));
        }
        return tokens;
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
