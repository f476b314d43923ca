package io.text2video.standalone.cli;

import io.text2video.common.model.LoraRecipe;
import io.text2video.worker.hub.ModelLocation;
import io.text2video.worker.pipeline.CogVideoXPipeline;
import io.text2video.worker.pipeline.FrameSink;
import io.text2video.worker.pipeline.GenerationParameters;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Every intermediate tensor of one generation, for comparing with another implementation. */
@Command(
        name = "trace",
        mixinStandardHelpOptions = true,
        description = {
            "Runs a generation, in fp32 on a CPU, and saves every intermediate tensor as safetensors.",
            "They are input_ids, prompt_embeds, negative_prompt_embeds, timesteps, noise_pred.N, latents.N, frames and a few more."
        },
        footer = {
            "",
            "Example:",
            "  text2video trace --out trace.safetensors --prompt \"a red ball\" --steps 4 --seed 42"
        })
final class TraceCommand implements Callable<Integer> {
    @Option(names = "--prompt", required = true, paramLabel = "TEXT", description = "What to draw.")
    String prompt;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FILE.safetensors",
            description = "Where to put the tensors.")
    Path out;

    @Mixin
    ModelOptions model = new ModelOptions();

    @Mixin
    GenerationOptions generation = new GenerationOptions();

    @Mixin
    VideoFileOptions videos = new VideoFileOptions();

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        generation.videos = videos;
        videos.checkUsage(generation.image != null, spec);
        videos.requireReadable(true);
        ModelLocation location = model.location();
        Map<String, LoraRecipe> recipes = model.recipes(location, generation);
        try (CogVideoXPipeline pipeline = model.load(location, generation);
                var progress = new ProgressDisplay("trace")) {
            GenerationParameters parameters =
                    generation.start(prompt, pipeline.description(), recipes).parameters();
            pipeline.trace(
                    parameters,
                    (step, steps) -> progress.show(step, steps, ""),
                    progress.decoding(parameters.numFrames(), FrameSink.NONE),
                    out);
        }
        PrintWriter printed = spec.commandLine().getOut();
        printed.println(out);
        printed.flush();
        return 0;
    }
}
