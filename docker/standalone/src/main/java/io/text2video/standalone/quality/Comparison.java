package io.text2video.standalone.quality;

import io.text2video.standalone.bench.Median;
import io.text2video.worker.pipeline.CogVideoXPipeline;
import io.text2video.worker.pipeline.CollectedFrames;
import io.text2video.worker.pipeline.Frames;
import io.text2video.worker.pipeline.Generation;
import io.text2video.worker.pipeline.GenerationParameters;
import io.text2video.worker.pipeline.StepListener;
import io.text2video.worker.quality.VideoQuality;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Draws the same prompts with the same seeds in several ways, and holds each against the first. */
public final class Comparison implements AutoCloseable {
    private final List<String> prompts;
    private final long firstSeed;
    private final VideoListener listener;
    private final BaselineVideos videos = new BaselineVideos();
    private double baselineSeconds;

    /** A way to draw. */
    public interface Variant {
        /** As people wrote it. */
        String name();

        CogVideoXPipeline load() throws IOException;

        GenerationParameters parameters(String prompt, long seed, CogVideoXPipeline pipeline) throws IOException;
    }

    /** Told before a video is drawn; gives who is told of its steps. */
    @FunctionalInterface
    public interface VideoListener {
        /** @param video from 0, the one to warm up; the prompts' follow */
        StepListener start(String variant, int video, int videos);
    }

    private record Drawn(GenerationParameters parameters, Frames frames, Generation generation) {
        double seconds() {
            return generation
                            .textEncoding()
                            .plus(generation.denoising())
                            .plus(generation.decoding())
                            .toNanos()
                    / 1e9;
        }
    }

    @FunctionalInterface
    private interface Visitor {
        void visit(int prompt, Drawn video) throws IOException;
    }

    /**
     * @param prompts at least one
     * @param firstSeed of the first prompt; the next has the next
     * @throws IOException when there is no room for temporary files
     */
    public Comparison(List<String> prompts, long firstSeed, VideoListener listener) throws IOException {
        this.prompts = prompts;
        this.firstSeed = firstSeed;
        this.listener = listener;
    }

    /**
     * Draws what the others are held against.
     *
     * @return the median of the seconds of a generation
     * @throws IOException when the model does not load, or there is no room for temporary files
     */
    public double baseline(Variant variant) throws IOException {
        List<Double> seconds = new ArrayList<>();
        drawAll(variant, (prompt, video) -> {
            videos.add(video.frames());
            seconds.add(video.seconds());
        });
        baselineSeconds =
                Median.of(seconds.stream().mapToDouble(Double::doubleValue).toArray());
        return baselineSeconds;
    }

    /**
     * Draws them another way, after {@link #baseline}.
     *
     * @throws IllegalArgumentException when its videos are of another size
     * @throws IOException when the model does not load
     */
    public VariantResult compare(Variant variant) throws IOException {
        List<PromptResult> results = new ArrayList<>();
        drawAll(variant, (prompt, video) -> {
            VideoQuality quality = VideoQuality.of(videos.get(prompt), video.frames());
            results.add(new PromptResult(
                    video.parameters().prompt(),
                    video.parameters().seed(),
                    quality.identical() ? null : quality.psnr(),
                    quality.ssim(),
                    video.seconds(),
                    video.generation().reusedSteps()));
        });
        return VariantResult.of(variant.name(), results, baselineSeconds);
    }

    @Override
    public void close() throws IOException {
        videos.close();
    }

    private void drawAll(Variant variant, Visitor visitor) throws IOException {
        int runs = prompts.size() + 1;
        try (CogVideoXPipeline pipeline = variant.load()) {
            draw(pipeline, variant, 0, listener.start(variant.name(), 0, runs));
            for (int i = 0; i < prompts.size(); i++) {
                visitor.visit(i, draw(pipeline, variant, i, listener.start(variant.name(), i + 1, runs)));
            }
        }
    }

    private Drawn draw(CogVideoXPipeline pipeline, Variant variant, int prompt, StepListener steps) throws IOException {
        GenerationParameters parameters = variant.parameters(prompts.get(prompt), firstSeed + prompt, pipeline);
        CollectedFrames frames = new CollectedFrames(parameters);
        Generation generation = pipeline.generate(parameters, steps, frames);
        return new Drawn(parameters, frames.frames(), generation);
    }
}
