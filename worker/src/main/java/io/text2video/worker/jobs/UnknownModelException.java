package io.text2video.worker.jobs;

import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A request for a model that no worker of the fleet has. */
final class UnknownModelException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    UnknownModelException(String wanted, Set<String> known) {
        super("no worker has the model \"%s\"; this fleet has %s"
                .formatted(
                        wanted,
                        new TreeSet<>(known).stream().map(id -> '"' + id + '"').collect(Collectors.joining(", "))));
    }
}
