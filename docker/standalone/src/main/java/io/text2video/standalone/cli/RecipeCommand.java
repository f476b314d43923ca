package io.text2video.standalone.cli;

import io.text2video.worker.recipe.VideoRecipe;
import io.text2video.worker.video.InvalidVideoException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** How a video was drawn. */
@Command(
        name = "recipe",
        mixinStandardHelpOptions = true,
        description = {
            "Prints how a video was drawn, as its file tells: prompt, seed, model and all parameters, in JSON.",
            "Other programs keep it when they put the video into another container, encode it again or cut it."
        },
        footer = {"", "Example:", "  text2video recipe ball.mp4"})
final class RecipeCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "An MP4, MOV, WebM, Matroska or AVI file.")
    Path file;

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        SharedOptions.Json.print(read(file), out);
        out.flush();
        return 0;
    }

    /** @throws IOException naming a file that is not there, is no video, or has no recipe */
    static VideoRecipe read(Path file) throws IOException {
        try {
            return VideoRecipe.read(file)
                    .orElseThrow(() -> new IOException(file + " does not tell how it was drawn: its tag comment"
                            + " holds no recipe, as of videos drawn with --no-embed-recipe or elsewhere"));
        } catch (InvalidVideoException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }
}
