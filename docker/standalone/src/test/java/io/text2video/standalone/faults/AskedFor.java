package io.text2video.standalone.faults;

/** Whatever there is belongs to a job, and every job was asked for. */
final class AskedFor implements Promise {
    @Override
    public void check(JobHistory job, Broken broken) {
        if (job.requests().isEmpty()) {
            if (job.isAccepted()) {
                broken.tell(Violation.Kind.NO_END, "it was accepted, and is not on video.requests");
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
