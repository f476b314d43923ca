package io.text2video.standalone.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.text2video.worker.config.TransformerConfig;
import io.text2video.worker.tokenizer.Encoding;
import io.text2video.worker.tokenizer.T5Tokenizer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What the model reads of a text. */
@Command(
        name = "tokenize",
        mixinStandardHelpOptions = true,
        description = "Prints a text's token ids, and what the model's limit cuts from it.",
        footer = {
            "",
            "Examples:",
            "  text2video tokenize \"a red ball\"",
            "  echo '\"a red ball\"' | text2video tokenize --jsonl"
        })
final class TokenizeCommand implements Callable<Integer> {
    @Parameters(arity = "0..1", paramLabel = "TEXT", description = "The text.")
    String text;

    @Mixin
    ModelOptions.Checkpoint model = new ModelOptions.Checkpoint();

    @Option(
            names = "--jsonl",
            description = "Read JSON strings from stdin, a line each; print an array of ids for each.")
    boolean jsonl;

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (jsonl == (text != null)) {
            throw new ParameterException(spec.commandLine(), "give either a TEXT or --jsonl");
        }
        Path directory = model.location().directory();
        int limit = TransformerConfig.read(directory).maxTextSeqLength();
        PrintWriter out = spec.commandLine().getOut();
        try (T5Tokenizer tokenizer = T5Tokenizer.of(directory)) {
            if (jsonl) {
                eachLine(tokenizer, limit, out);
            } else {
                print(tokenizer.tokenize(text, limit), limit, out);
            }
        }
        out.flush();
        return 0;
    }

    private static void eachLine(T5Tokenizer tokenizer, int limit, PrintWriter out) throws IOException {
        var json = new ObjectMapper();
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        int number = 0;
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            number++;
            try {
                out.println(json.writeValueAsString(tokenizer.encode(json.readValue(line, String.class), limit)));
            } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
                throw new IOException("line %d is not a JSON string: %s".formatted(number, line), e);
            }
        }
    }

    private static void print(Encoding encoding, int limit, PrintWriter out) {
        long[] ids = encoding.ids();
        for (int i = 0; i < ids.length; i++) {
            out.printf("%6d  %s%n", ids[i], encoding.pieces().get(i));
        }
        out.printf("%d of at most %d tokens%n", ids.length, limit);
        if (encoding.truncatedTokens() > 0) {
            out.printf("%d cut: %s%n", encoding.truncatedTokens(), encoding.truncatedText());
        }
    }
}
