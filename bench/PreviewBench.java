//JAVA 17+

import io.text2video.worker.files.CacheDirectory;
import io.text2video.worker.kernels.Interruption;
import io.text2video.worker.pipeline.CogVideoXPipeline;
import io.text2video.worker.pipeline.Frames;
import io.text2video.worker.pipeline.GenerationParameters;
import io.text2video.worker.pipeline.LatentPreviewSink;
import io.text2video.worker.pipeline.StepListener;
import io.text2video.worker.state.Checkpoints;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Supplier;
import javax.imageio.ImageIO;

/**
 * Says how good previews are, and what they cost: the PSNR of each step's against the decoded frames that it stands for, and how
 * long steps take the thread that draws with one and without, in turn; in its own processor time, as a machine has other work. Draws some of them beside the video's own frames.
 *
 * <pre>
 * java -cp "$(./text2video class-path)" bench/PreviewBench.java CHECKPOINT PICTURE.png
 * </pre>
 */
public class PreviewBench {
    private static final int STEPS = 25;
    private static final int SHOWN = 5;
    private static final int TIMED_STEPS = 1000;
    private static final int TILE = 96;
    private static final int[] ROWS = {1, 3, 8, 25};

    public static void main(String... arguments) throws Exception {
        try (CogVideoXPipeline pipeline = CogVideoXPipeline.load(Path.of(arguments[0]))) {
            long start = System.nanoTime();
            pipeline.prepareLatentPreviews(CacheDirectory.of(System.getenv()), Interruption.NONE);
            System.out.printf("map of latents to colours: %.1f s%n", (System.nanoTime() - start) / 1e9);
            quality(pipeline, new File(arguments[1]));
            cost(pipeline);
        }
    }

    private static GenerationParameters call(CogVideoXPipeline pipeline, int steps) {
        var its = pipeline.defaults();
        return new GenerationParameters(
                "a red ball moving left on a black background",
                "",
                steps,
                its.guidanceScale(),
                its.useDynamicCfg(),
                0,
                its.height(),
                its.width(),
                its.numFrames(),
                its.fps(),
                0,
                List.of(),
                null);
    }

    private static void quality(CogVideoXPipeline pipeline, File picture) throws Exception {
        var previews = new TreeMap<Integer, Frames>();
        var sink = new LatentPreviewSink() {
            @Override
            public int wanted(int step, int steps) {
                return SHOWN;
            }

            @Override
            public void accept(int step, Supplier<Frames> frames) {
                previews.put(step, frames.get());
            }
        };
        List<BufferedImage> video = new ArrayList<>();
        pipeline.generate(
                call(pipeline, STEPS), Checkpoints.NONE, Interruption.NONE, StepListener.NONE, sink, chunk -> {
                    for (int i = 0; i < chunk.count(); i++) {
                        video.add(chunk.image(i));
                    }
                });
        int latents = (video.size() - 1) / 4 + 1;
        previews.forEach((step, frames) -> System.out.printf(
                "step %2d: PSNR %.1f dB%n", step, psnr(frames, video, latents)));
        var sheet = new BufferedImage(SHOWN * TILE, (ROWS.length + 1) * TILE, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = sheet.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        for (int column = 0; column < SHOWN; column++) {
            for (int row = 0; row < ROWS.length; row++) {
                BufferedImage tile = previews.get(ROWS[row]).image(column);
                graphics.drawImage(tile, column * TILE, row * TILE, TILE, TILE, null);
            }
            BufferedImage last = video.get(lastOf(latentOf(column, latents)));
            graphics.drawImage(last, column * TILE, ROWS.length * TILE, TILE, TILE, null);
        }
        graphics.dispose();
        ImageIO.write(sheet, "png", picture);
    }

    private static int latentOf(int column, int latents) {
        return Math.round(column * (latents - 1) / (SHOWN - 1f));
    }

    private static int lastOf(int latent) {
        return 4 * latent;
    }

    /** Against the means of the pixels that each of the previews' stands for. */
    private static double psnr(Frames previews, List<BufferedImage> video, int latents) {
        double error = 0;
        int ratio = video.get(0).getWidth() / previews.width();
        for (int column = 0; column < previews.count(); column++) {
            int latent = latentOf(column, latents);
            List<BufferedImage> frames = video.subList(Math.max(0, lastOf(latent) - 3), lastOf(latent) + 1);
            BufferedImage preview = previews.image(column);
            for (int y = 0; y < previews.height(); y++) {
                for (int x = 0; x < previews.width(); x++) {
                    for (int shift = 0; shift <= 16; shift += 8) {
                        double mean = 0;
                        for (BufferedImage frame : frames) {
                            for (int i = 0; i < ratio * ratio; i++) {
                                int pixel = frame.getRGB(x * ratio + i % ratio, y * ratio + i / ratio);
                                mean += (pixel >> shift & 255) / (double) (frames.size() * ratio * ratio);
                            }
                        }
                        double difference = mean - (preview.getRGB(x, y) >> shift & 255);
                        error += difference * difference / previews.rgb().length;
                    }
                }
            }
        }
        return 10 * Math.log10(255 * 255 / error);
    }

    private static void cost(CogVideoXPipeline pipeline) {
        List<Double> with = new ArrayList<>();
        List<Double> without = new ArrayList<>();
        var sink = new LatentPreviewSink() {
            private long before;

            @Override
            public int wanted(int step, int steps) {
                return step % 2;
            }

            @Override
            public void accept(int step, Supplier<Frames> frames) {
                // A worker hands it to another thread.
            }

            void stepped(int step) {
                long now = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
                if (step > STEPS) {
                    (step % 2 == 1 ? with : without).add((now - before) / 1e6);
                }
                before = now;
            }
        };
        pipeline.generate(
                call(pipeline, TIMED_STEPS),
                Checkpoints.NONE,
                Interruption.NONE,
                (step, steps) -> sink.stepped(step),
                sink,
                chunk -> {});
        System.out.printf(
                "a step takes %.2f ms of its thread without a preview, %.2f ms with one (medians)%n", median(without), median(with));
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
    }
}
