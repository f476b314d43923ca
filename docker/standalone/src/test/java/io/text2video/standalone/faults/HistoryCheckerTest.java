package io.text2video.standalone.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.standalone.faults.Violation.Kind;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Histories in which one promise is broken each. */
class HistoryCheckerTest {
    private static final byte[] OTHER = "another video".getBytes(UTF_8);
    private static final String STRANGER = "01a20784-107f-7fa2-8a1f-000000000000";

    @Test
    void shouldFindNothingWrongWithAJobThatWentWell() {
        assertThat(HistoryChecker.check(Histories.good().build())).isEmpty();
    }

    @Test
    void shouldFindNothingWrongWithWhatFaultsMayDo() {
        // Given a worker that died after it had told of the end, and one that was frozen before it told of its start
        History history = Histories.good()
                .started("1-2", "worker-2-1", 2)
                .state("1-3", "worker-3-1", 3)
                .started("1-4", "worker-1-2", 2)
                .fault(FaultKind.FREEZE_WORKER, "worker-3-1", 1, 3)
                .completed("1-1", "worker-1-1", 5)
                .called(Histories.JOB + ".video.completed", true, "completed")
                .build();

        assertThat(HistoryChecker.check(history)).isEmpty();
    }

    @Test
    void shouldFindNothingWrongWithAnotherAttemptWhenTheWorkerWasKilledWhileTheStoreWasAway() {
        History history = Histories.good()
                .fault(FaultKind.CUT_STORE, "store", 2, 4)
                .fault(FaultKind.KILL_WORKER, "worker-1-1", 3, 3)
                .started("1-2", "worker-2-1", 5)
                .build();

        assertThat(HistoryChecker.check(history)).isEmpty();
    }

    static Stream<Arguments> brokenPromises() {
        return Stream.of(
                broken(Kind.NO_END, "accepted and never seen", new Histories().accepted()),
                broken(Kind.NO_END, "begun and never ended", Histories.begun()),
                broken(Kind.DIFFERENT_ENDS, "two states", Histories.good().completed("1-1", "worker-2-1", 6)),
                broken(Kind.DIFFERENT_ENDS, "no result.json", Histories.good().without("result.json")),
                broken(
                        Kind.DIFFERENT_ENDS,
                        "result.json of another",
                        Histories.good().result("1-1", "worker-2-1", 6)),
                broken(
                        Kind.DIFFERENT_ENDS,
                        "an event of another end",
                        Histories.good()
                                .message(
                                        "video.events",
                                        Histories.JOB,
                                        "{'type':'video.failed','generation':1,'attempt':1}")),
                broken(
                        Kind.NOT_COMPLETED,
                        "failed",
                        Histories.begun().failed().called(Histories.JOB + ".video.failed", true, "failed")),
                broken(Kind.NO_VIDEO, "no MP4", Histories.good().without("1-1.mp4")),
                broken(Kind.NO_VIDEO, "no poster", Histories.good().without("1-1.png")),
                broken(Kind.WRONG_VIDEO, "other bytes", Histories.good().stored("1-1.mp4", OTHER)),
                broken(Kind.LEFT_BEHIND, "a second video", Histories.good().stored("1-2.mp4", OTHER)),
                broken(Kind.LEFT_BEHIND, "a claim", Histories.good().stored("1-1.attempt", OTHER)),
                broken(Kind.LEFT_BEHIND, "a checkpoint", Histories.good().stored("00112233-00005.safetensors", OTHER)),
                broken(Kind.NOBODYS, "an object", Histories.good().object("videos/" + STRANGER + "/1-1.mp4", OTHER)),
                broken(Kind.NOBODYS, "an object in no folder", Histories.good().object("lost.tmp", OTHER)),
                broken(
                        Kind.NOBODYS,
                        "a state",
                        Histories.good()
                                .message(
                                        "video.jobs",
                                        STRANGER,
                                        "{'status':'in_progress','started_at':'%s'}"
                                                .formatted("2026-01-02T03:04:05Z"))),
                broken(
                        Kind.SUBMITTED_TWICE,
                        "one submission, two jobs",
                        Histories.good().requested(STRANGER)),
                broken(
                        Kind.SHARED_ATTEMPT,
                        "two workers of one number",
                        Histories.good().started("1-1", "worker-2-1", 2)),
                broken(
                        Kind.STARTED_TWICE,
                        "one start, two states",
                        Histories.good().state("1-1", "worker-1-1", 1)),
                broken(
                        Kind.ATTEMPTS_OUT_OF_ORDER,
                        "a later start of a lower number",
                        Histories.good().started("2-1", "worker-2-1", 2).started("1-2", "worker-3-1", 3)),
                broken(
                        Kind.RENDERED_AGAIN,
                        "an attempt that only the absent store explains",
                        Histories.good()
                                .fault(FaultKind.CUT_STORE, "store", 2, 4)
                                .started("1-2", "worker-2-1", 5)),
                broken(Kind.NO_WEBHOOK, "never called", Histories.good().uncalled()),
                broken(Kind.WEBHOOK_ID_CHANGED, "two ids", Histories.good().called("another", true, "completed")),
                broken(
                        Kind.UNSIGNED_WEBHOOK,
                        "a wrong signature",
                        Histories.good().called(Histories.JOB + ".video.completed", false, "completed")),
                broken(
                        Kind.WRONG_WEBHOOK,
                        "tells of another end",
                        Histories.good().called(Histories.JOB + ".video.completed", true, "failed")));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("brokenPromises")
    void shouldFindABrokenPromiseAndTellTheJobsHistory(Kind kind, String what, History history) {
        var violations = HistoryChecker.check(history);

        assertThat(violations).as(what).extracting(Violation::kind).contains(kind);
        assertThat(violations).allSatisfy(violation -> assertThat(violation.history())
                .contains("job " + violation.job(), "objects in the end"));
    }

    private static Arguments broken(Kind kind, String what, Histories history) {
        return Arguments.of(kind, what, history.build());
    }
}
