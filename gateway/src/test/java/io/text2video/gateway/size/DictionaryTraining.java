package io.text2video.gateway.size;

import com.github.luben.zstd.ZstdDictTrainer;
import io.text2video.common.job.ErrorCode;
import io.text2video.common.job.JobError;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.json.JsonCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Makes the dictionary that the index packs snapshots with. Run by hand when a snapshot gets fields that are most of it:
 *
 * <pre>
 *   DictionaryTraining gateway/src/main/resources/io/text2video/gateway/jobs/snapshots.dictionary
 * </pre>
 *
 * The prompts are of other words than those of the jobs it is measured with.
 */
public final class DictionaryTraining {
    private static final int JOBS = 8_000;
    /** Of 2 to 16 KiB none packed closer; this one is near the fastest. */
    private static final int BYTES = 4 << 10;

    private static final TypicalJobs TRAINING = new TypicalJobs(
            """
            person woman man people house water night light space ship ocean beach flower tree garden cat dog horse bird
            eagle fish boy girl old young beautiful large small white black yellow pink purple orange high quality
            detailed realistic camera shot view scene slow motion moving running walking flying swimming jumping standing
            sitting looking turning floating falling shining glowing sparkling riding driving eating drinking cooking
            reading singing laughing smiling from above below front side background foreground sky sun moon star wind
            fire ice sand grass leaf hill valley lake stream road car truck boat plane building tower castle church
            temple table chair window door mirror lamp candle book clock piano drum hat coat dress shirt shoes hair eyes
            face hand is are was has into onto toward between around during before after morning evening summer winter
            """);

    private DictionaryTraining() {}

    public static void main(String[] arguments) throws IOException {
        var trainer = new ZstdDictTrainer(JOBS * 2_048, BYTES);
        for (int i = 0; i < JOBS; i++) {
            trainer.addSample(JsonCodec.write(job(i)));
        }
        Files.write(Path.of(arguments[0]), trainer.trainSamples());
    }

    /** Most jobs of a view are completed. */
    private static JobSnapshot job(int i) {
        JobSnapshot started = TRAINING.started(i);
        return switch (i % 10) {
            case 0 -> started;
            case 1 ->
                started.failed(
                        started.attemptId(),
                        started.worker(),
                        new JobError(
                                ErrorCode.INVALID_PARAMETER, "height is 483, but must be a multiple of 16", "height"),
                        started.startedAt());
            default -> TRAINING.completed(i);
        };
    }
}
