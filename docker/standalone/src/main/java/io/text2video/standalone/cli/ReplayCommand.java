package io.text2video.standalone.cli;

import io.text2video.common.model.LoraScale;
import io.text2video.common.model.VideoParameters;
import io.text2video.worker.hub.ModelLocation;
import io.text2video.worker.recipe.VideoRecipe;
import io.text2video.worker.state.Computation;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Draws a video again, as its file tells. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description = {
            "Draws a video again, as its file tells that it was drawn, and says whether it is the same.",
            "On the same kind of machine it is, to the byte; else what differs is named. Options change what they name."
        },
        footer = {
            "",
            "Examples:",
            "  text2video replay ball.mp4 -o again.mp4",
            "  text2video replay ball.mp4 --seed 8 -o another.mp4",
            "  text2video replay ink.mp4 --model CogVideoX-2b --lora ink.safetensors"
        })
final class ReplayCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "A video with a recipe: see text2video recipe FILE.")
    Path file;

    @Mixin
    SharedOptions.Output output = new SharedOptions.Output();

    @Mixin
    ModelOptions model = new ModelOptions();

    @Mixin
    GenerationOptions generation = new GenerationOptions();

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        VideoRecipe recipe = RecipeCommand.read(file);
        Path video = output.file("replay.mp4");
        requireImageAsNeeded(recipe);
        if (model.checkpoint.name == null && !isEmbedded(recipe)) {
            model.checkpoint.name = recipe.model();
        }
        fillIn(recipe.parameters());
        warnOfOtherWeights(recipe, model.location());
        try (var stages = new StageDisplay()) {
            new DirectGeneration(model, stages)
                    .run(
                            new DirectGeneration.Wanted(recipe.prompt(), recipe.drawnPrompt(), generation, true),
                            video,
                            new Report(spec.commandLine().getOut(), false));
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println("  " + SameVideo.compare(file, video, recipe.parameters().fps()));
        recipe.differences(RecipeCommand.read(video)).forEach(line -> out.println("  " + line));
        out.flush();
        return 0;
    }

    private void requireImageAsNeeded(VideoRecipe recipe) throws IOException {
        if (recipe.image() == null) {
            if (generation.image != null) {
                throw new ParameterException(
                        spec.commandLine(), "--image cannot be used: %s was drawn from a prompt alone".formatted(file));
            }
            return;
        }
        if (generation.image == null) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--image is missing: %s starts from an image (%s), of which its recipe has the digest alone"
                            .formatted(file, recipe.image()));
        }
        String given = ImageFile.pixels(generation.image).digest();
        if (!given.equals(recipe.image())) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--image %s is another image (%s) than the one that %s starts from (%s)"
                            .formatted(generation.image, given, file, recipe.image()));
        }
    }

    private static boolean isEmbedded(VideoRecipe recipe) {
        return Text2VideoCommand.embeddedModel().endsWith(recipe.model());
    }

    /** Before the model is loaded, which may take minutes. */
    private static void warnOfOtherWeights(VideoRecipe recipe, ModelLocation location) {
        if (!new Computation(location.directory(), Map.of()).model().equals(recipe.weights())) {
            ProgressDisplay.warn("%s has other weights than the model that drew it: it will be another video"
                    .formatted(location.id()));
        }
    }

    /** With what the recipe says where no option does. */
    private void fillIn(VideoParameters drawn) {
        generation.negativePrompt = orElse(generation.negativePrompt, drawn.negativePrompt());
        if (generation.steps == null && generation.timesteps == null) {
            generation.steps = drawn.numInferenceSteps();
            generation.timesteps = drawn.timesteps();
        }
        generation.dynamicCfg = orElse(generation.dynamicCfg, drawn.useDynamicCfg());
        generation.eta = orElse(generation.eta, drawn.eta());
        generation.cost.guidanceScale = orElse(generation.cost.guidanceScale, drawn.guidanceScale());
        generation.cost.cacheThreshold = orElse(generation.cost.cacheThreshold, drawn.cacheThreshold());
        generation.cost.size.height = orElse(generation.cost.size.height, drawn.height());
        generation.cost.size.width = orElse(generation.cost.size.width, drawn.width());
        generation.cost.size.frames = orElse(generation.cost.size.frames, drawn.numFrames());
        generation.fps = orElse(generation.fps, drawn.fps());
        generation.seed = orElse(generation.seed, drawn.seed());
        generation.loras = loras(orElse(drawn.loras(), List.of()));
    }

    /** The recipe's, with the files that were given for them; and those that were given beside them. */
    private List<LoraArgument> loras(List<LoraScale> drawn) {
        Map<String, LoraArgument> all = new LinkedHashMap<>();
        drawn.forEach(lora -> all.put(lora.id(), new LoraArgument(lora, null)));
        for (LoraArgument given : generation.loras) {
            all.merge(
                    given.lora().id(),
                    given,
                    (before, now) -> now.lora().scale() == null ? new LoraArgument(before.lora(), now.file()) : now);
        }
        return List.copyOf(all.values());
    }

    private static <T> T orElse(T given, T drawn) {
        return given == null ? drawn : given;
    }
}
