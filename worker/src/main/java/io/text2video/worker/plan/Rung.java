package io.text2video.worker.plan;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/** How a generation runs: a rung of the ladder that leads down from the fastest way to the smallest. */
public record Rung(Set<Saving> savings) {
    /** Nothing is saved. */
    public static final Rung WHOLE = new Rung(Set.of());

    /** Tokens a slice of the feed-forward, of each video of a batch. */
    public static final int FEED_FORWARD_TOKENS = 1024;

    public Rung {
        EnumSet<Saving> sorted = EnumSet.noneOf(Saving.class);
        sorted.addAll(savings);
        savings = Collections.unmodifiableSet(sorted);
    }

    public boolean has(Saving saving) {
        return savings.contains(saving);
    }

    /** This and one more. */
    public Rung with(Saving saving) {
        EnumSet<Saving> more = EnumSet.of(saving);
        more.addAll(savings);
        return new Rung(more);
    }

    /** This but for one. */
    Rung without(Saving saving) {
        return new Rung(savings.stream().filter(other -> other != saving).collect(Collectors.toSet()));
    }

    /** Tokens that the feed-forward takes at a time, of each video of a batch; no sequence has the most. */
    public int feedForwardTokens() {
        return has(Saving.FEED_FORWARD_SLICES) ? FEED_FORWARD_TOKENS : Integer.MAX_VALUE;
    }

    @JsonValue
    @Override
    public String toString() {
        return savings.isEmpty() ? "whole" : savings.stream().map(Saving::label).collect(Collectors.joining(", "));
    }
}
