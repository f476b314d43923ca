package io.text2video.standalone.faults;

/** Whatever there is belongs to a job, every job was asked for, and so was its deletion. */
final class AskedFor implements Promise {
    @Override
    public void check(JobHistory job, Broken broken) {
        if (!job.isToBeDeleted() && job.states().stream().anyMatch(JobHistory::isDeleted)) {
            broken.tell(Violation.Kind.CAME_OR_WENT, "it is deleted, and nobody wanted that");
        }
        if (job.isStray()) {
            return;
        }
        if (job.requests().isEmpty()) {
            if (job.isAccepted()) {
                broken.tell(Violation.Kind.NO_END, "it was accepted, and is on no topic of requests");
            } else {
                broken.tell(
                        Violation.Kind.NOBODYS,
                        "no request, but %d records and %s"
                                .formatted(job.messages().size(), job.objects().keySet()));
            }
        } else if (job.submission() == null) {
            broken.tell(Violation.Kind.NOBODYS, "nobody submitted it");
        }
    }
}
