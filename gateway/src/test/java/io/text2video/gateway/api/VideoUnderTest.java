package io.text2video.gateway.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.text2video.common.topic.Pool;
import io.text2video.gateway.fleet.Cards;
import io.text2video.gateway.fleet.Images;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;

/**
 * A video that somebody wants, and whether its model can serve it: by rules written down here from what is published of
 * the models, not by those under test. What is null is left out.
 */
record VideoUnderTest(
        String model,
        Integer width,
        Integer height,
        boolean asSize,
        Integer numFrames,
        Integer seconds,
        Integer fps,
        Integer steps,
        Double cacheThreshold,
        boolean image) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> MODELS = List.of(
            "THUDM/CogVideoX-2b",
            "THUDM/CogVideoX-5b",
            "THUDM/CogVideoX-5b-I2V",
            "zai-org/CogVideoX1.5-5B",
            "zai-org/CogVideoX1.5-5B-I2V");
    private static final int[] ODD_SIZES = {1, 15, 17, 479, 490, 769, 1361, 1376, 4096, 4097, 4112};
    private static final int[] ODD_FRAMES = {0, 2, 48, 50, 51, 192, 197, 320, 325, 1025};
    private static final int[] ODD_STEPS = {0, 1001, -5};
    private static final double[] ODD_THRESHOLDS = {-0.01, 1.01, 1e300};
    private static final long MOST_BYTES = 2_147_483_639L;

    /** Mostly right in each field, so that about half are right in all. */
    static VideoUnderTest next(Random random) {
        String model = MODELS.get(random.nextInt(MODELS.size()));
        boolean sized = random.nextInt(4) > 0;
        boolean bySeconds = random.nextInt(3) == 0;
        return new VideoUnderTest(
                model,
                sized ? width(model, random) : null,
                sized ? height(model, random) : null,
                random.nextBoolean(),
                bySeconds || random.nextInt(4) == 0 ? null : frames(random),
                bySeconds ? Integer.valueOf(1 + random.nextInt(24)) : null,
                random.nextInt(3) == 0 ? Integer.valueOf(1 + random.nextInt(30)) : null,
                random.nextInt(3) == 0 ? null : Integer.valueOf(steps(random)),
                random.nextInt(3) > 0 ? null : Double.valueOf(threshold(random)),
                random.nextInt(10) == 0 ? !takesImage(model) : takesImage(model));
    }

    boolean isServable() {
        int w = width == null ? usualWidth() : width;
        int h = height == null ? usualHeight() : height;
        int n = seconds != null ? nearestFrames() : numFrames != null ? numFrames : is15() ? 81 : 49;
        double c = cacheThreshold == null ? 0 : cacheThreshold;
        return canDraw(w, h, n, steps == null ? 50 : steps) && c >= 0 && c <= 1 && image == takesImage(model);
    }

    /** Whether a request on Kafka is this one, and one that the model serves. */
    boolean isServedBy(JsonNode request) {
        JsonNode parameters = request.path("parameters");
        int w = parameters.path("width").asInt(usualWidth());
        int h = parameters.path("height").asInt(usualHeight());
        int n = parameters.path("num_frames").asInt(is15() ? 81 : 49);
        int s = parameters.path("num_inference_steps").asInt(50);
        boolean asWanted = request.path("model").asText().equals(model)
                && parameters.has("width") == (width != null)
                && parameters.has("num_frames") == (seconds != null || numFrames != null)
                && (width == null || w == width && h == height)
                && (numFrames == null || n == numFrames)
                && (seconds == null
                        || n == nearestFrames() && parameters.path("fps").asInt() == framesPerSecond())
                && (steps == null || s == steps)
                && parameters.has("cache_threshold") == (cacheThreshold != null)
                && (cacheThreshold == null || parameters.path("cache_threshold").asDouble() == cacheThreshold);
        boolean hasImage = request.path("input_reference").path("key").asText().startsWith("inputs/");
        return asWanted && canDraw(w, h, n, s) && hasImage == takesImage(model);
    }

    Pool pool() {
        return takesImage(model) ? Cards.IMAGE : model.equals(MODELS.get(0)) ? Pool.DEFAULT : Cards.LARGE;
    }

    String json(String prompt) {
        ObjectNode json = JSON.createObjectNode().put("prompt", prompt).put("model", model);
        if (width != null && asSize) {
            json.put("size", width + "x" + height);
        } else if (width != null) {
            json.put("width", width).put("height", height);
        }
        if (numFrames != null) {
            json.put("num_frames", numFrames);
        }
        if (seconds != null) {
            json.put("seconds", seconds.toString());
        }
        if (fps != null) {
            json.put("fps", fps);
        }
        if (steps != null) {
            json.put("num_inference_steps", steps);
        }
        if (cacheThreshold != null) {
            json.put("cache_threshold", cacheThreshold);
        }
        if (image) {
            json.put("input_reference", Images.dataUrl(Images.image("png")));
        }
        return json.toString();
    }

    /** What a refusal may blame. A missing image is blamed as well. */
    List<String> fields() {
        List<String> fields = new ArrayList<>(List.of("input_reference"));
        try {
            Iterator<String> names = JSON.readTree(json("x")).fieldNames();
            names.forEachRemaining(fields::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        fields.removeAll(List.of("prompt", "model"));
        return fields;
    }

    private boolean canDraw(int w, int h, int frames, int denoisingSteps) {
        boolean size =
                switch (model) {
                    case "THUDM/CogVideoX-5b-I2V" -> w == 720 && h == 480;
                    case "zai-org/CogVideoX1.5-5B", "zai-org/CogVideoX1.5-5B-I2V" ->
                        w % 16 == 0 && h % 16 == 0 && w >= 16 && h >= 16 && w <= 2400 && h <= 2400;
                    default -> w % 16 == 0 && h % 16 == 0 && w >= 16 && h >= 16 && w <= 4096 && h <= 4096;
                };
        // Four times the pixels and frames that it was trained for.
        return size
                && w * h <= 4 * usualWidth() * usualHeight()
                && frames >= 1
                && frames <= (is15() ? 321 : 193)
                && frames % 4 == 1
                && denoisingSteps >= 1
                && denoisingSteps <= 1000
                && 3L * w * h * frames <= MOST_BYTES;
    }

    /** Tries them all: the video whose length, from the first frame to the last, is nearest, and the longer of two. */
    private int nearestFrames() {
        int best = 1;
        for (int frames = 1; frames < 10_000; frames += 4) {
            int distance = Math.abs(frames - 1 - seconds * framesPerSecond());
            if (distance <= Math.abs(best - 1 - seconds * framesPerSecond())) {
                best = frames;
            }
        }
        return best;
    }

    private int framesPerSecond() {
        return fps != null ? fps : is15() ? 16 : 8;
    }

    private boolean is15() {
        return model.contains("1.5");
    }

    private int usualWidth() {
        return is15() ? 1360 : 720;
    }

    private int usualHeight() {
        return is15() ? 768 : 480;
    }

    private static boolean takesImage(String model) {
        return model.endsWith("I2V");
    }

    private static int width(String model, Random random) {
        return model.endsWith("5b-I2V") && random.nextInt(4) > 0 ? 720 : side(random, 85);
    }

    private static int height(String model, Random random) {
        return model.endsWith("5b-I2V") && random.nextInt(4) > 0 ? 480 : side(random, 48);
    }

    private static int side(Random random, int most) {
        return random.nextInt(8) == 0 ? ODD_SIZES[random.nextInt(ODD_SIZES.length)] : 16 * (1 + random.nextInt(most));
    }

    private static int frames(Random random) {
        return random.nextInt(6) == 0 ? ODD_FRAMES[random.nextInt(ODD_FRAMES.length)] : 1 + 4 * random.nextInt(56);
    }

    private static double threshold(Random random) {
        return random.nextInt(12) == 0 ? ODD_THRESHOLDS[random.nextInt(ODD_THRESHOLDS.length)] : random.nextDouble();
    }

    private static int steps(Random random) {
        return random.nextInt(12) == 0 ? ODD_STEPS[random.nextInt(ODD_STEPS.length)] : 1 + random.nextInt(1000);
    }
}
