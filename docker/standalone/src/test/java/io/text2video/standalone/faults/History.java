package io.text2video.standalone.faults;

import io.text2video.common.storage.ObjectKeys;
import io.text2video.common.topic.Topic;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Everything that is known of a run once it is over.
 *
 * @param submissions what was asked for, and what was answered
 * @param acts of clients about their jobs
 * @param messages of all topics
 * @param operations on the store's objects, in their order
 * @param objects of the bucket, by key
 * @param calls of webhooks
 * @param faults that were injected
 * @param undisturbed by the {@link WantedVideo}'s name, the MP4 that it makes when nothing happens
 */
record History(
        List<SubmittedJob> submissions,
        List<ClientAct> acts,
        List<Message> messages,
        List<RecordingBlobs.Operation> operations,
        Map<String, byte[]> objects,
        List<WebhookReceiver.Call> calls,
        List<InjectedFault> faults,
        Map<String, byte[]> undisturbed) {
    private static final String FOLDER = "videos/";

    /** All that was ever told of each job, whether it was accepted or not, and of folders that are no job's. */
    Map<String, JobHistory> jobs() {
        Map<String, List<Message>> messagesOf = by(messages, History::job);
        Map<String, List<RecordingBlobs.Operation>> operationsOf = by(operations, operation -> job(operation.key()));
        Map<String, List<WebhookReceiver.Call>> callsOf = by(calls, WebhookReceiver.Call::job);
        Map<String, List<ClientAct>> actsOf = by(acts, ClientAct::job);
        Map<String, SubmittedJob> submissionOf = submissionsByJob(messagesOf);
        Set<String> ids = new TreeSet<>(submissionOf.keySet());
        ids.addAll(messagesOf.keySet());
        acts.stream()
                .filter(act -> act.outcome() == Answer.Outcome.ACCEPTED)
                .map(ClientAct::job)
                .forEach(ids::add);
        objects.keySet().stream().map(History::job).filter(Objects::nonNull).forEach(ids::add);
        Map<String, JobHistory> jobs = new TreeMap<>();
        for (String id : ids) {
            jobs.put(
                    id,
                    new JobHistory(
                            id,
                            submissionOf.get(id),
                            actsOf.getOrDefault(id, List.of()),
                            messagesOf.getOrDefault(id, List.of()),
                            operationsOf.getOrDefault(id, List.of()),
                            objectsOf(id),
                            callsOf.getOrDefault(id, List.of()),
                            faults));
        }
        return jobs;
    }

    /** Whose record it is: its key says so, and on the webhooks' log that of a delivery of the job. Null of a model's card, which is no job's. */
    private static String job(Message message) {
        if (message.key() == null || message.topic().equals(Topic.MODELS.topicName())) {
            return null;
        }
        boolean ofADelivery = message.topic().equals(Topic.WEBHOOK_LOG.topicName());
        return ofADelivery ? message.key().substring(0, message.key().indexOf('.')) : message.key();
    }

    /** By the answer, or by the webhook's number in the request where there was no answer. */
    private Map<String, SubmittedJob> submissionsByJob(Map<String, List<Message>> messagesOf) {
        Map<Integer, SubmittedJob> byNumber =
                submissions.stream().collect(Collectors.toMap(SubmittedJob::number, Function.identity()));
        Map<String, SubmittedJob> byJob = new TreeMap<>();
        messagesOf.forEach((id, told) -> told.stream()
                .filter(JobHistory::isRequest)
                .map(message -> message.json().path("webhook").path("url").asText())
                .filter(url -> !url.isEmpty())
                .map(WebhookReceiver::number)
                .filter(byNumber::containsKey)
                .findFirst()
                .ifPresent(number -> byJob.put(id, byNumber.get(number))));
        submissions.stream()
                .filter(SubmittedJob::isAccepted)
                .forEach(submission -> byJob.put(submission.job(), submission));
        return byJob;
    }

    private Map<String, byte[]> objectsOf(String id) {
        return objects.entrySet().stream()
                .filter(object -> id.equals(job(object.getKey())))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, TreeMap::new));
    }

    /** Whose folder the object is in; the whole key of one that is in none. Null of the store's probe, which is no job's. */
    private static String job(String key) {
        if (key.equals(ObjectKeys.PROBE)) {
            return null;
        }
        int end = key.indexOf('/', FOLDER.length());
        return key.startsWith(FOLDER) && end > 0 ? key.substring(FOLDER.length(), end) : key;
    }

    private static <T> Map<String, List<T>> by(List<T> all, Function<T, String> job) {
        return all.stream().filter(one -> job.apply(one) != null).collect(Collectors.groupingBy(job));
    }
}
