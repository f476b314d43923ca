package io.text2video.common.storage;

import io.text2video.common.job.AttemptId;
import io.text2video.common.job.BatchId;
import io.text2video.common.job.JobId;
import io.text2video.common.job.Tenant;
import java.util.regex.Pattern;

/** Where a job's objects lie in the bucket. Keys are made from parsed ids only. */
public final class ObjectKeys {
    /** How a claim's name ends. */
    public static final String CLAIM = ".attempt";

    /** How the name of what stands beside the claim of an attempt that is not charged ends. */
    public static final String RELEASED = ".released";

    /** How the name of what stands beside the claim of an attempt that made progress ends. */
    public static final String PROGRESSED = ".progressed";

    /** How a checkpoint's name ends. */
    public static final String CHECKPOINT = ".safetensors";

    /** Of no job: an object that conditional writes are tried on. */
    public static final String PROBE = "conditional-write-probe";

    /** The prefix of what was answered to requests with an {@code Idempotency-Key}. */
    public static final String FIRST_ANSWERS = "idempotency/";

    /** The prefix of all that is kept of batches. */
    public static final String BATCHES = "batches/";

    /** The prefix of the marks of batches that somebody has yet to work at. */
    public static final String OPEN_BATCHES = "open-batches/";

    private static final String VIDEOS = "videos/";
    private static final String RESULT = "result.json";
    private static final Pattern INPUT = Pattern.compile("inputs/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\.[^/]+");

    private ObjectKeys() {}

    /** The prefix of all that the fleet stores of a job, but for what it starts from. */
    public static String folder(JobId id) {
        return "%s%s/".formatted(VIDEOS, id);
    }

    /** The MP4 of one attempt. */
    public static String video(JobId id, AttemptId attempt) {
        return folder(id) + attempt + ".mp4";
    }

    /** The PNG of one attempt's first frame. */
    public static String poster(JobId id, AttemptId attempt) {
        return folder(id) + attempt + ".png";
    }

    /** The JPEG of what one attempt's video looks like so far; written again and again, and gone when the job has ended. */
    public static String preview(JobId id, AttemptId attempt) {
        return folder(id) + attempt + ".preview.jpg";
    }

    /** Says who has that attempt. Whoever writes it first has it: it is only ever written on the condition that it is absent. */
    public static String claim(JobId id, AttemptId attempt) {
        return folder(id) + attempt + CLAIM;
    }

    /** Says that the attempt ended in good order, and is not to be held against the job. */
    public static String released(JobId id, AttemptId attempt) {
        return folder(id) + attempt + RELEASED;
    }

    /** Says that the attempt kept a state that goes further than those before it, and is not to be held against the job. */
    public static String progressed(JobId id, AttemptId attempt) {
        return folder(id) + attempt + PROGRESSED;
    }

    /**
     * What is known after some steps of denoising.
     *
     * @param computation what distinguishes computations that may differ; letters and digits
     */
    public static String checkpoint(JobId id, String computation, int step) {
        return "%s%s-%05d%s".formatted(folder(id), computation, step, CHECKPOINT);
    }

    /** What is drawn in the place of the job's prompt. Whoever writes it first has it: it is only ever written where it is absent. */
    public static String prompt(JobId id) {
        return folder(id) + "prompt.json";
    }

    /**
     * The image or the video that a job starts from, where a gateway has put it.
     *
     * @param extension of the file's name, such as {@code png}
     */
    public static String input(JobId id, String extension) {
        return "inputs/%s.%s".formatted(id, extension);
    }

    /** The prefix of the images and videos that a tenant has put there itself, and may start videos from. */
    public static String inputs(Tenant tenant) {
        return "inputs/%s/".formatted(tenant);
    }

    /** Whether it is what some job starts from, and goes when that job is deleted. */
    public static boolean isInput(String key) {
        return INPUT.matcher(key).matches();
    }

    /** Whether it goes when some job is deleted: what it starts from, or what it has made. */
    public static boolean isOfJob(String key) {
        return isInput(key) || key.startsWith(VIDEOS);
    }

    /**
     * What was first answered to requests with an {@code Idempotency-Key}. Whoever writes it first has the key: it is only ever
     * written on the condition that it is absent.
     *
     * @param name made of the key; letters and digits
     */
    public static String firstAnswer(String name) {
        return FIRST_ANSWERS + name + ".json";
    }

    /** Says that there is such a batch, and how large: it is only ever written on the condition that it is absent. */
    public static String batch(BatchId id) {
        return "%s%s/batch.json".formatted(BATCHES, id);
    }

    /**
     * The requests of a batch, one a line.
     *
     * @param content what distinguishes them from what others sent for the same batch; letters and digits
     */
    public static String batchRequests(BatchId id, String content) {
        return "%s%s/%s.jsonl".formatted(BATCHES, id, content);
    }

    /** Says that nobody wants the batch any more. */
    public static String cancelledBatch(BatchId id) {
        return "%s%s/cancelled".formatted(BATCHES, id);
    }

    /** Says that somebody has yet to work at the batch; written again and again by whoever does. */
    public static String openBatch(BatchId id) {
        return OPEN_BATCHES + id;
    }

    /**
     * The ended job's snapshot. Whoever writes it first has ended the job: it is only ever written on the condition that it
     * is absent.
     */
    public static String result(JobId id) {
        return folder(id) + RESULT;
    }
}
