package io.text2video.standalone.faults;

import java.util.List;

/** What a client does about a job that it has asked for. */
enum Sequel {
    /** Waits for the video. */
    NONE,
    CANCEL,
    /** By a record on {@code video.control}. */
    CANCEL_BY_RECORD,
    /** Deletes it twice quickly, as clients do that want it gone: the first one cancels. */
    DELETE_AT_ONCE,
    /** Deletes it once it has ended, perhaps before its webhook is called; then its request is sent once more. */
    DELETE_ENDED,
    /** Sends the request once more. */
    RESEND,
    /** Sends malformed requests, one with the job's id and one with an id of its own. */
    SPOIL;

    /** In turn. Most jobs run to their ends, so that there is something to be killed. */
    private static final List<Sequel> TURNS = List.of(
            NONE, CANCEL, NONE, RESEND, DELETE_AT_ONCE, NONE, SPOIL, CANCEL_BY_RECORD, NONE, DELETE_ENDED, NONE);

    static final int TURNS_OF_ALL = TURNS.size();

    static Sequel of(int turn) {
        return TURNS.get(turn % TURNS.size());
    }
}
