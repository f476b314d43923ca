package io.text2video.worker.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.GroupSubscription;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobAssignorTest {
    private static final String TOPIC = "requests";
    private static final int NOTHING_HELD = -1;

    private final Map<String, Subscription> members = new TreeMap<>();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void shouldLeaveThePartitionWhoseJobRunsWhereItIs(int held) {
        // Given a worker that has all partitions, and a job of one of them
        member("old", 5, held, 0, 1, 2, 3);
        member("new", NOTHING_HELD, NOTHING_HELD);

        // When another one comes
        Map<String, Set<Integer>> settled = settle(4);

        // Then each has two, and the job stays
        assertThat(settled.get("old")).hasSize(2).contains(held);
        assertThat(settled.get("new")).hasSize(2);
    }

    @Test
    void shouldGiveNothingAwayThatAnotherStillHas() {
        member("old", 5, NOTHING_HELD, 0, 1);
        member("new", NOTHING_HELD, NOTHING_HELD);

        assertThat(assign(2).get("new")).isEmpty();
        assertThat(settle(2).get("new")).hasSize(1);
    }

    @Test
    void shouldNotBelieveAMemberThatMissedARebalance() {
        // Given one that says it has what was given to another meanwhile
        member("frozen", 4, 0, 0, 1);
        member("current", 5, 0, 0, 1);

        Map<String, Set<Integer>> assigned = assign(2);

        assertThat(assigned.get("current")).contains(0);
        assertThat(assigned.get("frozen")).doesNotContain(0);
    }

    @Test
    void shouldLeaveTheWorkersWithoutAPartitionThatAreTooMany() {
        member("a", 5, 0, 0);
        member("b", 5, NOTHING_HELD, 1);
        member("c", NOTHING_HELD, NOTHING_HELD);

        assertThat(settle(2)).isEqualTo(Map.of("a", Set.of(0), "b", Set.of(1), "c", Set.of()));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 7, 16})
    void shouldSpreadEvenly(int partitions) {
        for (String name : List.of("a", "b", "c")) {
            member(name, NOTHING_HELD, NOTHING_HELD);
        }

        List<Integer> sizes = new ArrayList<>(
                settle(partitions).values().stream().map(Set::size).toList());

        assertThat(sizes.stream().mapToInt(Integer::intValue).sum()).isEqualTo(partitions);
        assertThat(Collections.max(sizes) - Collections.min(sizes)).isLessThanOrEqualTo(1);
    }

    private void member(String name, int generation, int held, Integer... owned) {
        var assignor = new JobAssignor();
        Supplier<OptionalInt> supplier = () -> held < 0 ? OptionalInt.empty() : OptionalInt.of(held);
        assignor.configure(Map.of(JobAssignor.HELD, supplier));
        ByteBuffer data = assignor.subscriptionUserData(Set.of(TOPIC));
        List<TopicPartition> partitions =
                List.of(owned).stream().map(p -> new TopicPartition(TOPIC, p)).toList();
        members.put(name, new Subscription(List.of(TOPIC), data, partitions, generation, Optional.empty()));
    }

    /** What a second rebalance comes to, in which each has let go of what it lost in the first. */
    private Map<String, Set<Integer>> settle(int partitions) {
        Map<String, Set<Integer>> first = assign(partitions);
        first.forEach((name, kept) -> {
            Subscription before = members.get(name);
            List<TopicPartition> owned =
                    kept.stream().map(p -> new TopicPartition(TOPIC, p)).toList();
            members.put(name, new Subscription(List.of(TOPIC), before.userData(), owned, 9, Optional.empty()));
        });
        return assign(partitions);
    }

    private Map<String, Set<Integer>> assign(int partitions) {
        var node = new Node(1, "localhost", 9092);
        List<PartitionInfo> infos = IntStream.range(0, partitions)
                .mapToObj(p -> new PartitionInfo(TOPIC, p, node, new Node[] {node}, new Node[] {node}))
                .toList();
        var cluster = new Cluster("cluster", List.of(node), infos, Set.of(), Set.of());
        Map<String, Set<Integer>> assigned = new HashMap<>();
        new JobAssignor()
                .assign(cluster, new GroupSubscription(members))
                .groupAssignment()
                .forEach((name, assignment) -> {
                    Set<Integer> numbers = new HashSet<>();
                    assignment.partitions().forEach(p -> numbers.add(p.partition()));
                    assigned.put(name, numbers);
                });
        return assigned;
    }
}
