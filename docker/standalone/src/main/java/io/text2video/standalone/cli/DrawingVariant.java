package io.text2video.standalone.cli;

import io.text2video.common.model.LoraRecipe;
import io.text2video.standalone.quality.Comparison;
import io.text2video.worker.hub.ModelLocation;
import io.text2video.worker.pipeline.CogVideoXPipeline;
import io.text2video.worker.pipeline.GenerationParameters;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * A way to draw, as flags: any of those that choose a model and how it draws, written {@code NAME=VALUE,NAME=VALUE} without
 * their dashes. What follows a comma and names no flag belongs to the value before it, so that
 * {@code quantization=transformer=int8,text_encoder=int8wo,dtype=bf16} is two flags.
 */
final class DrawingVariant implements Comparison.Variant {
    private final String name;
    private final Flags flags;
    private Map<String, LoraRecipe> recipes = Map.of();

    @Command(name = "variant")
    private static final class Flags {
        @Mixin
        ModelOptions model = new ModelOptions();

        @Mixin
        GenerationOptions generation = new GenerationOptions();
    }

    private DrawingVariant(String name, Flags flags) {
        this.name = name;
        this.flags = flags;
    }

    /**
     * Reads them.
     *
     * @param common what was given on the command line: holds where no text says otherwise
     * @param texts later ones beat earlier ones; the last is the variant's name
     * @throws ParameterException naming what is no flag, or no value of its flag
     */
    static DrawingVariant of(ParseResult common, List<String> texts) {
        var flags = new Flags();
        CommandLine parser =
                new CommandLine(flags).setOverwrittenOptionsAllowed(true).setCaseInsensitiveEnumValuesAllowed(true);
        List<String> arguments = new ArrayList<>(given(common, parser.getCommandSpec()));
        for (String text : texts) {
            arguments.addAll(split(text, parser.getCommandSpec(), common));
        }
        String name = texts.get(texts.size() - 1);
        try {
            parser.parseArgs(arguments.toArray(String[]::new));
        } catch (ParameterException e) {
            throw wrong(common, name, e.getMessage());
        }
        return new DrawingVariant(name, flags);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public CogVideoXPipeline load() throws IOException {
        ModelLocation location = flags.model.location();
        recipes = flags.model.recipes(location, flags.generation);
        return flags.model.load(location, flags.generation);
    }

    @Override
    public GenerationParameters parameters(String prompt, long seed, CogVideoXPipeline pipeline) throws IOException {
        flags.generation.seed = seed;
        return flags.generation.resolve(prompt, pipeline.defaults(), recipes);
    }

    ModelOptions model() {
        return flags.model;
    }

    GenerationOptions generation() {
        return flags.generation;
    }

    private static List<String> given(ParseResult common, CommandSpec known) {
        List<String> arguments = new ArrayList<>();
        // One that was given twice is listed twice, each time with all values.
        for (OptionSpec option : new LinkedHashSet<>(common.matchedOptions())) {
            String flag = option.longestName();
            if (known.findOption(flag) != null) {
                List<String> values = option.getValue() instanceof Boolean value
                        ? List.of(value.toString())
                        : option.originalStringValues();
                values.forEach(value -> arguments.add(flag + "=" + value));
            }
        }
        return arguments;
    }

    private static List<String> split(String text, CommandSpec known, ParseResult common) {
        List<String> arguments = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            String[] pair = part.split("=", 2);
            String flag = "--" + pair[0].strip().toLowerCase(Locale.ROOT).replace('_', '-');
            if (pair.length == 2 && known.findOption(flag) != null) {
                arguments.add(flag + "=" + pair[1].strip());
            } else if (arguments.isEmpty()) {
                throw wrong(common, text, "\"" + part + "\" is no NAME=VALUE of a flag; there are " + names(known));
            } else {
                int last = arguments.size() - 1;
                arguments.set(last, arguments.get(last) + "," + part);
            }
        }
        return arguments;
    }

    private static String names(CommandSpec known) {
        return String.join(
                ", ",
                known.options().stream()
                        .map(option -> option.longestName().substring(2).replace('-', '_'))
                        .sorted()
                        .toList());
    }

    private static ParameterException wrong(ParseResult common, String text, String reason) {
        return new ParameterException(common.commandSpec().commandLine(), "variant \"%s\": %s".formatted(text, reason));
    }
}
