package io.text2video.standalone.quality;

import io.text2video.standalone.bench.Median;
import io.text2video.worker.pipeline.CogVideoXPipeline;
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

    @FunctionalInterface
    private interface Visitor {
        void visit(int prompt, GenerationParameters parameters, Generation generation) throws IOException;
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
        draw(variant, (prompt, parameters, generation) -> {
            videos.add(generation.frames());
            seconds.add(seconds(generation));
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
        draw(variant, (prompt, parameters, generation) -> {
            VideoQuality quality = VideoQuality.of(videos.get(prompt), generation.frames());
            results.add(new PromptResult(
                    parameters.prompt(),
                    parameters.seed(),
                    quality.identical() ? null : quality.psnr(),
                    quality.ssim(),
                    seconds(generation),
                    generation.reusedSteps()));
        });
        return VariantResult.of(variant.name(), results, baselineSeconds);
    }

    @Override
    public void close() throws IOException {
        videos.close();
    }

    private void draw(Variant variant, Visitor visitor) throws IOException {
        int runs = prompts.size() + 1;
        try (CogVideoXPipeline pipeline = variant.load()) {
            pipeline.generate(
                    variant.parameters(prompts.get(0), firstSeed, pipeline), listener.start(variant.name(), 0, runs));
            for (int i = 0; i < prompts.size(); i++) {
                GenerationParameters parameters = variant.parameters(prompts.get(i), firstSeed + i, pipeline);
                visitor.visit(
                        i, parameters, pipeline.generate(parameters, listener.start(variant.name(), i + 1, runs)));
            }
        }
    }

    private static double seconds(Generation generation) {
        return generation
                        .textEncoding()
                        .plus(generation.denoising())
                        .plus(generation.decoding())
                        .toNanos()
                / 1e9;
    }
}
