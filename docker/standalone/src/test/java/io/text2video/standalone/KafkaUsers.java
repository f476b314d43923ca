package io.text2video.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.yaml.snakeyaml.Yaml;

/** What the users of {@code k8s/components/kafka/users.yaml} may do, as Strimzi would tell the broker. */
final class KafkaUsers {
    private static final Path MANIFESTS = Path.of("../../k8s/components/kafka/users.yaml");

    private KafkaUsers() {}

    static List<AclBinding> rules() throws IOException {
        List<AclBinding> rules = new ArrayList<>();
        for (Object manifest : new Yaml().loadAll(Files.readString(MANIFESTS))) {
            String user = text(in(manifest, "metadata"), "name");
            for (Object rule : (List<?>) in(in(in(manifest, "spec"), "authorization"), "acls")) {
                for (Object operation : (List<?>) in(rule, "operations")) {
                    rules.add(new AclBinding(
                            resource(in(rule, "resource")),
                            new AccessControlEntry(
                                    "User:" + user, "*", operation(operation.toString()), permission(rule))));
                }
            }
        }
        return rules;
    }

    private static ResourcePattern resource(Object resource) {
        String type = text(resource, "type");
        if (type.equals("cluster")) {
            return new ResourcePattern(ResourceType.CLUSTER, Resource.CLUSTER_NAME, PatternType.LITERAL);
        }
        PatternType pattern =
                text(resource, "patternType").equals("prefix") ? PatternType.PREFIXED : PatternType.LITERAL;
        return new ResourcePattern(ResourceType.fromString(type), text(resource, "name"), pattern);
    }

    /** {@code DescribeConfigs} is {@code DESCRIBE_CONFIGS}. */
    private static AclOperation operation(String name) {
        return AclOperation.fromString(name.replaceAll("(?<=[a-z])(?=[A-Z])", "_"));
    }

    private static AclPermissionType permission(Object rule) {
        Object type = in(rule, "type");
        return type == null ? AclPermissionType.ALLOW : AclPermissionType.fromString(type.toString());
    }

    private static String text(Object map, String key) {
        return in(map, key).toString();
    }

    private static Object in(Object map, String key) {
        return ((Map<?, ?>) map).get(key);
    }
}
