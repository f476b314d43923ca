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
                .started("1-2", "default-worker-2-1", 2)
                .state("1-3", "default-worker-3-1", 3)
                .started("1-4", "default-worker-1-2", 2)
                .fault(FaultKind.FREEZE_WORKER, "default-worker-3-1", 1, 3)
                .completed("1-1", "default-worker-1-1", 5)
                .called(Histories.JOB + ".video.completed", true, "completed")
                .build();

        assertThat(HistoryChecker.check(history)).isEmpty();
    }

    @Test
    void shouldFindNothingWrongWithAnotherAttemptWhenTheWorkerWasKilledWhileTheStoreWasAway() {
        History history = Histories.good()
                .fault(FaultKind.CUT_STORE, "store", 2, 4)
                .fault(FaultKind.KILL_WORKER, "default-worker-1-1", 3, 3)
                .started("1-2", "default-worker-2-1", 5)
                .build();

        assertThat(HistoryChecker.check(history)).isEmpty();
    }

    static Stream<Arguments> goodHistories() {
        return Stream.of(
                good("cancelled", Histories.cancelled()),
                good(
                        "cancelled too late",
                        Histories.good().act(ClientAct.Kind.CANCEL, 6, Answer.Outcome.ACCEPTED, "completed")),
                good(
                        "cancelled by a record that came late",
                        Histories.good()
                                .act(ClientAct.Kind.CANCEL_RECORD, 6, Answer.Outcome.ACCEPTED, "video.control-0@1")),
                good("deleted", Histories.deleted()),
                good(
                        "cancelled, then deleted",
                        Histories.cancelled()
                                .removed()
                                .act(ClientAct.Kind.DELETE, 6, Answer.Outcome.ACCEPTED, "")
                                .act(ClientAct.Kind.DELETE, 7, Answer.Outcome.NOT_FOUND, "404")),
                good(
                        "deleted by what was not answered",
                        Histories.deleted().act(ClientAct.Kind.DELETE, 5, Answer.Outcome.UNKNOWN, "reset")),
                good(
                        "deleted, and asked for once more",
                        Histories.deleted()
                                .requested(Histories.JOB)
                                .act(ClientAct.Kind.RESEND, 9, Answer.Outcome.ACCEPTED, "video.requests-0@2")
                                .removed()),
                good("asked for twice", Histories.good().requested(Histories.JOB)),
                good("malformed", Histories.stray()),
                good("spoiled", Histories.spoiled()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("goodHistories")
    void shouldFindNothingWrongWithWhatClientsMayDo(String what, History history) {
        assertThat(HistoryChecker.check(history)).as(what).isEmpty();
    }

    static Stream<Arguments> promisesToClients() {
        return Stream.of(
                broken(
                        Kind.DIFFERENT_ENDS,
                        "cancelled, then completed",
                        Histories.cancelled().completed("1-1", "default-worker-1-1", 5)),
                broken(
                        Kind.WRONG_ANSWER,
                        "a cancel that tells of another end",
                        Histories.good().act(ClientAct.Kind.CANCEL, 3, Answer.Outcome.ACCEPTED, "cancelled")),
                broken(
                        Kind.WRONG_ANSWER,
                        "a cancel that tells of no end",
                        Histories.cancelled().act(ClientAct.Kind.CANCEL, 4, Answer.Outcome.ACCEPTED, "in_progress")),
                broken(
                        Kind.WRONG_ANSWER,
                        "a gateway that breaks",
                        Histories.good().act(ClientAct.Kind.CANCEL, 3, Answer.Outcome.WRONG, "500")),
                broken(
                        Kind.WRONG_ANSWER,
                        "a gateway that shows another end",
                        Histories.cancelled().act(ClientAct.Kind.LOOK, 9, Answer.Outcome.ACCEPTED, "completed")),
                broken(
                        Kind.WRONG_END,
                        "cancelled though nobody asked for it",
                        Histories.begun()
                                .ended("cancelled")
                                .called(Histories.JOB + ".video.cancelled", true, "cancelled")),
                broken(
                        Kind.WRONG_END,
                        "a cancelled job that failed",
                        Histories.begun()
                                .ended("failed")
                                .act(ClientAct.Kind.CANCEL_RECORD, 3, Answer.Outcome.ACCEPTED, "video.control-0@1")),
                broken(
                        Kind.LEFT_BEHIND,
                        "a cancelled job's video",
                        Histories.cancelled().stored("1-1.mp4", OTHER)),
                broken(
                        Kind.CAME_OR_WENT,
                        "deleted, and shown",
                        Histories.deleted().act(ClientAct.Kind.LOOK, 9, Answer.Outcome.ACCEPTED, "completed")),
                broken(
                        Kind.CAME_OR_WENT,
                        "deleted, and deleted again",
                        Histories.deleted().act(ClientAct.Kind.DELETE, 9, Answer.Outcome.ACCEPTED, "")),
                broken(
                        Kind.CAME_OR_WENT,
                        "deleted, and told of later",
                        Histories.deleted().completed("1-1", "default-worker-1-1", 5)),
                broken(
                        Kind.CAME_OR_WENT,
                        "deleted, and begun again",
                        Histories.deleted()
                                .requested(Histories.JOB)
                                .started("1-2", "default-worker-2-1", 9)
                                .removed()),
                broken(
                        Kind.CAME_OR_WENT,
                        "deleted, and its end is in the store",
                        Histories.deleted().result("1-1", "default-worker-1-1", 5)),
                broken(
                        Kind.CAME_OR_WENT,
                        "not known, and nobody deleted it",
                        Histories.good().act(ClientAct.Kind.LOOK, 9, Answer.Outcome.NOT_FOUND, "404")),
                broken(
                        Kind.CAME_OR_WENT,
                        "not known to the first who deletes it",
                        Histories.good().act(ClientAct.Kind.DELETE, 3, Answer.Outcome.NOT_FOUND, "404")),
                broken(
                        Kind.CAME_OR_WENT,
                        "deleted, and nobody asked for it",
                        Histories.good().removed()),
                broken(
                        Kind.LEFT_BEHIND,
                        "a deleted job's video",
                        Histories.deleted().stored("1-1.mp4", Histories.RIGHT)),
                broken(
                        Kind.LEFT_BEHIND,
                        "a deleted job's checkpoint",
                        Histories.deleted().stored("00112233-00005.safetensors", OTHER)),
                broken(
                        Kind.NO_WEBHOOK,
                        "deleted before its webhook was called",
                        Histories.deleted().uncalled()),
                broken(
                        Kind.SHARED_ATTEMPT,
                        "asked for twice, and begun by two",
                        Histories.good().requested(Histories.JOB).started("1-1", "default-worker-2-1", 2)),
                broken(
                        Kind.WRONG_POOL,
                        "begun by a worker of another pool",
                        Histories.good().started("1-2", "second-worker-4-1", 6)),
                broken(
                        Kind.NOT_DEAD_LETTERED,
                        "a malformed record that is dropped",
                        Histories.good()
                                .malformed()
                                .act(ClientAct.Kind.SPOIL, 2, Answer.Outcome.ACCEPTED, "video.requests-0@2")),
                broken(
                        Kind.WRONG_DEAD_LETTER,
                        "a good request among the dead letters",
                        Histories.good().deadLetter(1)),
                broken(
                        Kind.WRONG_END,
                        "failed for another's malformed record",
                        Histories.begun()
                                .malformed()
                                .act(ClientAct.Kind.SPOIL, 2, Answer.Outcome.ACCEPTED, "video.requests-0@2")
                                .deadLetter(2)
                                .ended("failed")),
                broken(
                        Kind.NO_END,
                        "malformed, and never failed",
                        new Histories()
                                .malformed()
                                .act(ClientAct.Kind.STRAY, 1, Answer.Outcome.ACCEPTED, "video.requests-0@1")
                                .deadLetter(1)));
    }

    static Stream<Arguments> brokenPromises() {
        return Stream.of(
                broken(Kind.NO_END, "accepted and never seen", new Histories().accepted()),
                broken(Kind.NO_END, "begun and never ended", Histories.begun()),
                broken(Kind.DIFFERENT_ENDS, "two states", Histories.good().completed("1-1", "default-worker-2-1", 6)),
                broken(Kind.DIFFERENT_ENDS, "no result.json", Histories.good().without("result.json")),
                broken(
                        Kind.DIFFERENT_ENDS,
                        "result.json of another",
                        Histories.good().result("1-1", "default-worker-2-1", 6)),
                broken(
                        Kind.DIFFERENT_ENDS,
                        "an event of another end",
                        Histories.good()
                                .message(
                                        "video.events",
                                        Histories.JOB,
                                        "{'type':'video.failed','generation':1,'attempt':1}")),
                broken(
                        Kind.WRONG_END,
                        "failed",
                        Histories.begun().ended("failed").called(Histories.JOB + ".video.failed", true, "failed")),
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
                        Histories.good().started("1-1", "default-worker-2-1", 2)),
                broken(
                        Kind.STARTED_TWICE,
                        "one start, two states",
                        Histories.good().state("1-1", "default-worker-1-1", 1)),
                broken(
                        Kind.ATTEMPTS_OUT_OF_ORDER,
                        "a later start of a lower number",
                        Histories.good()
                                .started("2-1", "default-worker-2-1", 2)
                                .started("1-2", "default-worker-3-1", 3)),
                broken(
                        Kind.RENDERED_AGAIN,
                        "an attempt that only the absent store explains",
                        Histories.good()
                                .fault(FaultKind.CUT_STORE, "store", 2, 4)
                                .started("1-2", "default-worker-2-1", 5)),
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
    @MethodSource({"brokenPromises", "promisesToClients"})
    void shouldFindABrokenPromiseAndTellTheJobsHistory(Kind kind, String what, History history) {
        var violations = HistoryChecker.check(history);

        assertThat(violations).as(what).extracting(Violation::kind).contains(kind);
        assertThat(violations).allSatisfy(violation -> assertThat(violation.history())
                .contains("job " + violation.job(), "objects in the end"));
    }

    private static Arguments good(String what, Histories history) {
        return Arguments.of(what, history.build());
    }

    private static Arguments broken(Kind kind, String what, Histories history) {
        return Arguments.of(kind, what, history.build());
    }
}
