package io.text2video.common.model;

import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one model can be asked for on the workers that serve it. Gateways refuse by these rules, and workers check them again for what reached them
 * by another road.
 *
 * @param sizeMultiple pixels that height and width count in: a latent pixel's side times a patch's
 * @param minHeight pixels; equal to the greatest where the model knows one height only
 * @param maxHeight pixels
 * @param minWidth pixels
 * @param maxWidth pixels
 * @param maxPixels of a frame, height times width; where a card does not say, what the greatest height and width make
 * @param frameMultiple frames beyond the first come in these: video frames a latent frame
 * @param maxFrames of a video
 * @param maxSteps training timesteps of the scheduler
 * @param imageRequired whether a video starts from an image; else an image is refused
 * @param maxVideoPixels of all frames, height times width times frames, that a worker has memory for; null where any other
 *     limit comes before
 * @param maxJobSeconds that a generation may take by its worker's {@link ModelCost}; null for any time
 * @param controlRequired whether a video is drawn along a control video; else one is refused
 */
public record ModelLimits(
        @Min(1) int sizeMultiple,
        @Min(1) int minHeight,
        @Min(1) int maxHeight,
        @Min(1) int minWidth,
        @Min(1) int maxWidth,
        @Min(1) int maxPixels,
        @Min(1) int frameMultiple,
        @Min(1) int maxFrames,
        @Min(1) int maxSteps,
        boolean imageRequired,
        @Min(1) Long maxVideoPixels,
        @Min(1) Integer maxJobSeconds,
        boolean controlRequired) {

    /**
     * A fleet takes videos of this many times the pixels and frames that a model draws where nothing is said, which is what
     * it was trained for. More would be drawn, but neither well nor soon.
     */
    public static final int SIZE_FACTOR = 4;

    /** Bytes of RGB that one video may have: they travel in one array. */
    private static final long MOST_BYTES = Integer.MAX_VALUE - 8L;

    public ModelLimits {
        maxPixels = maxPixels == 0 ? (int) Math.min(Integer.MAX_VALUE, (long) maxHeight * maxWidth) : maxPixels;
    }

    /**
     * The same, but with no more than that of a frame's pixels, a video's frames and a job's time.
     *
     * @param pixels 0 for {@value #SIZE_FACTOR} times the defaults'
     * @param frames 0 for {@value #SIZE_FACTOR} times the defaults', the first not counted
     * @param jobTime zero for any time
     */
    public ModelLimits within(ModelDefaults defaults, int pixels, int frames, Duration jobTime) {
        long mostPixels = pixels == 0 ? (long) SIZE_FACTOR * defaults.height() * defaults.width() : pixels;
        long mostFrames = frames == 0 ? SIZE_FACTOR * (defaults.numFrames() - 1L) + 1 : frames;
        return new ModelLimits(
                sizeMultiple,
                minHeight,
                maxHeight,
                minWidth,
                maxWidth,
                (int) Math.min(maxPixels, mostPixels),
                frameMultiple,
                (int) Math.min(maxFrames, mostFrames),
                maxSteps,
                imageRequired,
                maxVideoPixels,
                jobTime.isZero() ? null : (int) Math.max(1, Math.min(Integer.MAX_VALUE, jobTime.toSeconds())),
                controlRequired);
    }

    /**
     * The same, but with no more than there is memory for.
     *
     * @param pixels of a frame, whatever the number of frames
     * @param videoPixels of all frames; null where that is no limit
     */
    public ModelLimits inMemory(int pixels, Long videoPixels) {
        return new ModelLimits(
                sizeMultiple,
                minHeight,
                maxHeight,
                minWidth,
                maxWidth,
                Math.min(maxPixels, pixels),
                frameMultiple,
                maxFrames,
                maxSteps,
                imageRequired,
                videoPixels,
                maxJobSeconds,
                controlRequired);
    }

    /**
     * Checks the numbers of one call.
     *
     * @throws InvalidGenerationException naming the first parameter that breaks a rule, and the nearest valid value
     * @throws GenerationTooLargeException where a frame has too many pixels, the video too many frames, or both together are
     *     more than there is memory for
     */
    public void check(int height, int width, int numFrames, int numInferenceSteps) {
        checkRange("num_inference_steps", numInferenceSteps, 1, 0, 1, maxSteps);
        checkRange("height", height, sizeMultiple, 0, minHeight, maxHeight);
        checkRange("width", width, sizeMultiple, 0, minWidth, maxWidth);
        checkRange("num_frames", numFrames, frameMultiple, 1, 1, maxFrames);
        checkPixels(height, width);
        checkVideoPixels(height, width, numFrames);
        if (3L * height * width * numFrames > MOST_BYTES) {
            throw new InvalidGenerationException(
                    "num_frames",
                    "%d frames of %dx%d are more than the %d bytes of RGB that one video may have; ask for fewer or smaller"
                            .formatted(numFrames, width, height, MOST_BYTES));
        }
    }

    /**
     * Checks the timesteps of a call.
     *
     * @param timesteps the noisiest first; null or empty for none
     * @throws InvalidGenerationException where they do not fall, are not as many as the steps, or the scheduler has not got one
     */
    public void checkTimesteps(List<Integer> timesteps, int numInferenceSteps) {
        Timesteps.fault(timesteps, numInferenceSteps).ifPresent(fault -> {
            throw new InvalidGenerationException(fault.field(), fault.field() + " " + fault.reason());
        });
        if (timesteps != null && !timesteps.isEmpty()) {
            checkRange("timesteps", timesteps.get(0), 1, 0, 0, maxSteps - 1);
            checkRange("timesteps", timesteps.get(timesteps.size() - 1), 1, 0, 0, maxSteps - 1);
        }
    }

    /**
     * Checks whether there is an image where the model wants one.
     *
     * @throws InvalidGenerationException when there is none, or one too many
     */
    public void checkImage(boolean present) {
        if (imageRequired && !present) {
            throw new InvalidGenerationException(
                    "input_reference",
                    "input_reference is missing: this model makes a video from an image and a prompt");
        }
        if (!imageRequired && present) {
            throw new InvalidGenerationException(
                    "input_reference",
                    "input_reference cannot be used: this model makes a video from a prompt alone; an image-to-video"
                            + " model takes one");
        }
    }

    /**
     * Checks whether a video can be made from another one.
     *
     * @throws InvalidGenerationException when the model wants an image
     */
    public void checkVideo() {
        if (imageRequired) {
            throw new InvalidGenerationException(
                    "video",
                    "video cannot be used: this model makes a video from an image and a prompt; a text-to-video model"
                            + " takes one");
        }
    }

    /**
     * Checks whether a video can go on where another one ends.
     *
     * @throws InvalidGenerationException when the model starts from no image
     */
    public void checkExtension() {
        if (!imageRequired) {
            throw new InvalidGenerationException(
                    "video",
                    "video cannot be gone on with: this model makes a video from a prompt alone; an image-to-video model"
                            + " goes on from its last frame");
        }
    }

    /**
     * Checks whether there is a control video where the model wants one, and then nothing else that a video begins with.
     *
     * @param control whether there is one
     * @param image whether the video starts from an image
     * @param video whether it is made from another one
     * @throws InvalidGenerationException naming what is missing or too much
     */
    public void checkControl(boolean control, boolean image, boolean video) {
        if (!controlRequired) {
            if (control) {
                throw new InvalidGenerationException(
                        "control_video",
                        "control_video cannot be used: this model draws along no other video; one of CogVideoX Fun Control"
                                + " takes one");
            }
            return;
        }
        if (image || video) {
            String field = image ? "input_reference" : "video";
            throw new InvalidGenerationException(
                    field, field + " cannot be used: this model makes a video from a control video and a prompt");
        }
        if (!control) {
            throw new InvalidGenerationException(
                    "control_video",
                    "control_video is missing: this model makes a video from a control video and a prompt");
        }
    }

    /** How many frames of a video of so many the VAE encodes before the first step, where it starts as the model needs it. */
    public int encodedFrames(int numFrames) {
        return controlRequired ? numFrames : imageRequired ? 1 : 0;
    }

    /** The rules in words, by the parameter that each is for. */
    public Map<String, String> rules() {
        Map<String, String> rules = new LinkedHashMap<>();
        rules.put("height", rule(sizeMultiple, 0, minHeight, maxHeight));
        rules.put("width", rule(sizeMultiple, 0, minWidth, maxWidth));
        rules.put(
                "size",
                "height times width at most " + maxPixels
                        + (maxVideoPixels == null ? "" : ", times num_frames at most " + maxVideoPixels));
        rules.put("num_frames", rule(frameMultiple, 1, 1, maxFrames));
        rules.put("num_inference_steps", rule(1, 0, 1, maxSteps));
        rules.put("input_reference", imageRequired ? "required" : "none");
        rules.put("control_video", controlRequired ? "required" : "none");
        return rules;
    }

    /** A value is in the range, and a multiple plus the offset. */
    private static void checkRange(String field, int value, int multiple, int offset, int least, int most) {
        if (value >= least && value <= most && (value - offset) % multiple == 0) {
            return;
        }
        long below = (long) Math.floorDiv((long) value - offset, multiple) * multiple + offset;
        long first = -Math.floorDiv((long) offset - least, multiple) * multiple + offset;
        long last = Math.floorDiv((long) most - offset, multiple) * multiple + offset;
        String nearest = value <= first
                ? "the nearest is " + first
                : value >= last
                        ? "the nearest is " + last
                        : "the nearest are %d and %d".formatted(below, below + multiple);
        String message =
                "%s is %d, but must be %s; %s".formatted(field, value, rule(multiple, offset, least, most), nearest);
        throw field.equals("num_frames") && value > most
                ? new GenerationTooLargeException(field, message)
                : new InvalidGenerationException(field, message);
    }

    private void checkPixels(int height, int width) {
        if ((long) height * width > maxPixels) {
            throw new GenerationTooLargeException(
                    height >= width ? "height" : "width",
                    "%dx%d has %d pixels, but a frame must have at most %d; the nearest of this shape is %s"
                            .formatted(
                                    width,
                                    height,
                                    (long) height * width,
                                    maxPixels,
                                    nearestSize(height, width, maxPixels)));
        }
    }

    private void checkVideoPixels(int height, int width, int numFrames) {
        long pixels = (long) height * width * numFrames;
        if (maxVideoPixels == null || pixels <= maxVideoPixels) {
            return;
        }
        List<String> fits = new ArrayList<>();
        long frames = maxVideoPixels / ((long) height * width);
        if (frames > 0) {
            fits.add("num_frames " + ((frames - 1) / frameMultiple * frameMultiple + 1));
        }
        long most = maxVideoPixels / numFrames;
        if (minHeight < maxHeight && most >= (long) minHeight * minWidth) {
            fits.add("size " + nearestSize(height, width, most));
        }
        throw new GenerationTooLargeException(
                "num_frames",
                "%d frames of %dx%d have %d pixels, but its workers have memory for %d%s"
                        .formatted(
                                numFrames,
                                width,
                                height,
                                pixels,
                                maxVideoPixels,
                                fits.isEmpty()
                                        ? ""
                                        : "; with all else as it is, this would fit: " + String.join(", or ", fits)));
    }

    /** The largest that has few enough pixels, nearly of that shape. */
    private String nearestSize(int height, int width, long most) {
        double scale = Math.sqrt((double) most / height / width);
        int shorter = Math.max(Math.max(minHeight, minWidth), multipleBelow(Math.min(height, width) * scale));
        int longer = multipleBelow(Math.min(Math.max(height, width) * scale, (double) most / shorter));
        return height >= width ? shorter + "x" + longer : longer + "x" + shorter;
    }

    private int multipleBelow(double side) {
        return (int) side / sizeMultiple * sizeMultiple;
    }

    private static String rule(int multiple, int offset, int least, int most) {
        if (least == most) {
            return Integer.toString(least);
        }
        String range = "from %d to %d".formatted(least, most);
        if (multiple == 1) {
            return range;
        }
        return "a multiple of %d%s, %s".formatted(multiple, offset == 0 ? "" : " plus " + offset, range);
    }
}
