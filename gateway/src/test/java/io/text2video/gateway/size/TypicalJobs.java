package io.text2video.gateway.size;

import io.text2video.common.job.AttemptId;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.StageTimings;
import io.text2video.common.job.VideoFile;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.job.Webhook;
import io.text2video.common.model.VideoParameters;
import io.text2video.common.storage.ObjectKeys;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Random;
import java.util.UUID;

/**
 * Jobs like those of a fleet that did ten thousand a day: prompts of 60 to 300 characters, every parameter given, a
 * video and its timings at the end. The i-th is the same in every run, its id a UUIDv7 of the time of its creation.
 */
public final class TypicalJobs {
    /** Those that tests and measurements are made with. */
    public static final TypicalJobs MEASURED = new TypicalJobs(
            """
            a the of in on over under with and while through across behind near slowly gently suddenly bright golden
            dark misty foggy ancient modern tiny giant red blue green silver wooden glass stone paper neon velvet
            astronaut lighthouse panda guitar robot whale city forest desert harbor bridge market mountain river train
            bicycle balloon lantern umbrella violin dragon samurai chef dancer child sailor painter hummingbird jellyfish
            walks drifts dances burns melts glides rises falls opens unfolds shimmers spins paints plays watches waits
            sunset dawn rain snow storm fireworks reflections petals dust smoke bubbles sparks waves clouds aurora
            cinematic closeup aerial slow-motion timelapse macro handheld wide-angle shallow-focus grainy photorealistic
            watercolor claymation anime noir vintage surreal minimalist dramatic soft warm cold pastel moonlit backlit
            street rooftop kitchen library greenhouse subway cathedral canyon glacier meadow reef island volcano alley
            """);

    private static final Instant FIRST = Instant.parse("2026-01-02T03:04:05.678901Z");
    private static final AttemptId FIRST_ATTEMPT = new AttemptId(1, 1);
    private static final long APART_MILLIS = 8_640;
    private static final String NEGATIVE = "blurry, low quality, distorted, watermark, text";

    private final String[] words;

    /** @param words that the prompts are made of, with blanks between */
    public TypicalJobs(String words) {
        this.words = words.strip().split("\\s+");
    }

    /** The id of the i-th job. */
    public JobId id(int i) {
        var random = new Random(i * 0x9E3779B97F4A7C15L);
        long high = createdAt(i).toEpochMilli() << 16 | 0x7000 | random.nextInt(0x1000);
        return new JobId(new UUID(high, random.nextLong() >>> 2 | Long.MIN_VALUE));
    }

    /** The i-th request. */
    public VideoRequest request(int i) {
        var random = new Random(i);
        return new VideoRequest(
                VideoRequest.VERSION,
                id(i),
                "cogvideox-2b",
                prompt(random),
                parameters(random),
                null,
                i % 5 == 0 ? Webhook.of("https://example.com/hooks/" + i) : null,
                createdAt(i));
    }

    /** The i-th job while it runs. */
    public JobSnapshot started(int i) {
        VideoRequest request = request(i);
        return JobSnapshot.queued(request, request.createdAt())
                .started(
                        FIRST_ATTEMPT,
                        "worker-7d9f8b6c5-x" + i % 16,
                        "cogvideox-2b",
                        request.parameters(),
                        null,
                        null,
                        request.createdAt().plusMillis(1_234 + i % 777));
    }

    /** The i-th job at its end. */
    public JobSnapshot completed(int i) {
        var random = new Random(~i);
        JobId id = id(i);
        return started(i)
                .completed(
                        new VideoFile(
                                ObjectKeys.video(id, FIRST_ATTEMPT),
                                ObjectKeys.poster(id, FIRST_ATTEMPT),
                                900_000 + random.nextInt(2_000_000),
                                720,
                                480,
                                49,
                                8,
                                6.125),
                        new StageTimings(
                                seconds(random, 5),
                                seconds(random, 1),
                                seconds(random, 90),
                                seconds(random, 12),
                                seconds(random, 3),
                                seconds(random, 1)),
                        null,
                        createdAt(i).plusMillis(100_000 + random.nextInt(9_000)));
    }

    private static Instant createdAt(int i) {
        return FIRST.plus((long) i * APART_MILLIS, ChronoUnit.MILLIS).plus(i % 1000, ChronoUnit.MICROS);
    }

    private static VideoParameters parameters(Random random) {
        return new VideoParameters(
                NEGATIVE, 50, 6.0, true, 0.0, 0.0, 480, 720, 49, 8, random.nextLong() >>> 1, null, null);
    }

    /** Whole words, 60 to 300 characters. */
    private String prompt(Random random) {
        int length = 60 + random.nextInt(230);
        var text = new StringBuilder();
        while (text.length() < length) {
            text.append(words[random.nextInt(words.length)]).append(' ');
        }
        return text.toString().strip();
    }

    /** With as many digits as a clock of nanoseconds gives. */
    private static double seconds(Random random, int most) {
        return Math.floor(random.nextDouble() * most * 1e9) / 1e9;
    }
}
