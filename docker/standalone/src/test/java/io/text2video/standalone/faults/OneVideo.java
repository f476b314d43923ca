package io.text2video.standalone.faults;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A completed job has the video that an undisturbed run makes until it is deleted, and nothing else of it is in the store.
 */
final class OneVideo implements Promise {
    private final Map<String, byte[]> undisturbed;

    OneVideo(Map<String, byte[]> undisturbed) {
        this.undisturbed = undisturbed;
    }

    @Override
    public void check(JobHistory job, Broken broken) {
        if (job.ends().isEmpty()) {
            return;
        }
        Set<String> left = new TreeSet<>(job.objects().keySet());
        left.remove("videos/" + job.id() + "/result.json");
        JsonNode video = job.ends().get(0).path("video");
        boolean deleted =
                job.isToBeDeleted() && job.result().map(JobHistory::isDeleted).orElse(false);
        if (video.isObject() && !deleted) {
            String key = video.path("key").asText();
            String poster = video.path("poster_key").asText();
            checkVideo(job, key, broken);
            if (!job.objects().containsKey(poster)) {
                broken.tell(Violation.Kind.NO_VIDEO, "there is no poster " + poster);
            }
            left.remove(key);
            left.remove(poster);
        }
        if (!left.isEmpty()) {
            broken.tell(Violation.Kind.LEFT_BEHIND, "the job has ended, and these are left: " + left);
        }
    }

    private void checkVideo(JobHistory job, String key, Broken broken) {
        byte[] mp4 = job.objects().get(key);
        if (mp4 == null) {
            broken.tell(Violation.Kind.NO_VIDEO, "there is no video " + key);
        } else if (job.submission() != null
                && undisturbed.containsKey(job.submission().wanted())) {
            byte[] right = undisturbed.get(job.submission().wanted());
            if (!Arrays.equals(mp4, right)) {
                int first = Arrays.mismatch(mp4, right);
                broken.tell(
                        Violation.Kind.WRONG_VIDEO,
                        "%s has %d bytes, an undisturbed run's %d, and they differ from byte %d on"
                                .formatted(key, mp4.length, right.length, first));
            }
        }
    }
}
