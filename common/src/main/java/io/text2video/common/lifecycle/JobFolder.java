package io.text2video.common.lifecycle;

import io.text2video.common.job.AttemptId;
import io.text2video.common.job.JobId;
import io.text2video.common.storage.ObjectKeys;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What one look into a job's folder in the bucket showed. */
public record JobFolder(JobId id, List<String> keys) {
    public JobFolder {
        keys = List.copyOf(keys);
    }

    /** Whether the job has its end. */
    public boolean isEnded() {
        return keys.contains(ObjectKeys.result(id));
    }

    /** The attempts that were claimed. */
    public SortedSet<AttemptId> attempts() {
        return named(ObjectKeys.CLAIM);
    }

    /** The newest attempt of all. */
    public Optional<AttemptId> newest() {
        return Optional.of(attempts()).filter(all -> !all.isEmpty()).map(SortedSet::last);
    }

    /** The attempt that is to be claimed next at that publication. */
    public AttemptId next(int generation) {
        return newest().filter(newest -> newest.generation() == generation)
                .orElse(new AttemptId(generation, 0))
                .next();
    }

    /**
     * How many attempts at that publication came to nothing: they neither ended in good order nor kept a state that goes further
     * than those before. One that runs may be among them.
     */
    public int charged(int generation) {
        SortedSet<AttemptId> charged = interruptedAttempts();
        charged.removeAll(named(ObjectKeys.PROGRESSED));
        return (int) charged.stream()
                .filter(attempt -> attempt.generation() == generation)
                .count();
    }

    /** How many attempts at all publications did not end in good order, progress or not; one that runs is among them. */
    public int interrupted() {
        return interruptedAttempts().size();
    }

    /** Whether that attempt's work is not wanted any more: the job has ended, or a later attempt is under way. */
    public boolean supersedes(AttemptId attempt) {
        return isEnded()
                || newest().filter(newest -> newest.compareTo(attempt) > 0).isPresent();
    }

    private SortedSet<AttemptId> interruptedAttempts() {
        SortedSet<AttemptId> interrupted = attempts();
        interrupted.removeAll(named(ObjectKeys.RELEASED));
        return interrupted;
    }

    private SortedSet<AttemptId> named(String ending) {
        String folder = ObjectKeys.folder(id);
        Stream<String> names = keys.stream()
                .filter(key -> key.endsWith(ending))
                .map(key -> key.substring(folder.length(), key.length() - ending.length()));
        SortedSet<AttemptId> attempts = new TreeSet<>();
        names.forEach(name -> AttemptId.parse(name).ifPresent(attempts::add));
        return attempts;
    }
}
