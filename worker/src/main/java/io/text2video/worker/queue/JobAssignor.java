package io.text2video.worker.queue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Configurable;
import org.apache.kafka.common.TopicPartition;

/**
 * Spreads one topic's partitions over the members of a consumer group evenly and cooperatively, and never moves one whose
 * job runs: Kafka's own cooperative assignor may take just that one when a worker comes, and the job would start anew
 * there. Each member says in its subscription which one that is.
 */
public final class JobAssignor implements ConsumerPartitionAssignor, Configurable {
    /** Configuration: a {@code Supplier<OptionalInt>} of the partition whose job this member holds. */
    static final String HELD = "text2video.held.partition";

    private Supplier<OptionalInt> held = OptionalInt::empty;

    @Override
    @SuppressWarnings("unchecked") // it is ours
    public void configure(Map<String, ?> configs) {
        held = (Supplier<OptionalInt>) configs.get(HELD);
    }

    @Override
    public String name() {
        return "text2video-jobs";
    }

    @Override
    public List<RebalanceProtocol> supportedProtocols() {
        return List.of(RebalanceProtocol.COOPERATIVE);
    }

    @Override
    public ByteBuffer subscriptionUserData(Set<String> topics) {
        OptionalInt partition = held.get();
        return partition.isPresent() ? ByteBuffer.allocate(Integer.BYTES).putInt(0, partition.getAsInt()) : null;
    }

    @Override
    public GroupAssignment assign(Cluster metadata, GroupSubscription group) {
        Map<String, Subscription> members = new TreeMap<>(group.groupSubscription());
        String topic = members.values().iterator().next().topics().get(0);
        Integer count = metadata.partitionCountForTopic(topic);
        Map<Integer, String> owners = owners(members);
        Map<String, List<Integer>> wanted = spread(count == null ? 0 : count, owners, members);
        Map<String, Assignment> assignments = new HashMap<>();
        // Who is to get another's partition gets it in the rebalance that follows, when the other has let go of it.
        wanted.forEach((member, partitions) -> assignments.put(
                member,
                new Assignment(partitions.stream()
                        .filter(partition ->
                                owners.getOrDefault(partition, member).equals(member))
                        .map(partition -> new TopicPartition(topic, partition))
                        .collect(Collectors.toList()))));
        return new GroupAssignment(assignments);
    }

    /** What is believed of members that took part in the last rebalance: others' partitions were given away since. */
    private static Map<Integer, String> owners(Map<String, Subscription> members) {
        int latest = members.values().stream()
                .mapToInt(member -> member.generationId().orElse(-1))
                .max()
                .orElse(-1);
        Map<Integer, String> owners = new HashMap<>();
        members.forEach((name, member) -> {
            if (member.generationId().orElse(-1) == latest) {
                member.ownedPartitions().forEach(owned -> owners.put(owned.partition(), name));
            }
        });
        return owners;
    }

    private static Map<String, List<Integer>> spread(
            int count, Map<Integer, String> owners, Map<String, Subscription> members) {
        Map<String, List<Integer>> shares = new TreeMap<>();
        members.keySet().forEach(member -> shares.put(member, new ArrayList<>()));
        var left = new TreeSet<>(IntStream.range(0, count).boxed().toList());

        // First what must stay, then what may, then the rest to those who have least.
        members.forEach((name, member) -> {
            ByteBuffer held = member.userData();
            if (held != null && held.remaining() == Integer.BYTES) {
                int partition = held.getInt(held.position());
                if (name.equals(owners.get(partition)) && left.remove(partition)) {
                    shares.get(name).add(partition);
                }
            }
        });
        int least = count / members.size();
        int withMore = count % members.size();
        for (int partition : List.copyOf(left)) {
            List<Integer> share = shares.get(owners.getOrDefault(partition, ""));
            if (share != null
                    && (share.size() < least
                            || share.size() == least
                                    && shares.values().stream()
                                                    .filter(any -> any.size() > least)
                                                    .count()
                                            < withMore)) {
                share.add(partition);
                left.remove(partition);
            }
        }
        left.forEach(partition -> shares.values().stream()
                .min(Comparator.comparingInt(List::size))
                .orElseThrow()
                .add(partition));
        return shares;
    }
}
