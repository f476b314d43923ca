package io.text2video.gateway.api;

import io.text2video.common.job.BatchId;
import io.text2video.common.job.JobStatus;
import io.text2video.gateway.access.Caller;
import io.text2video.gateway.api.errors.ApiErrorCode;
import io.text2video.gateway.api.errors.ApiException;
import io.text2video.gateway.jobs.JobFilter;
import io.text2video.gateway.jobs.Order;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Which jobs a client wants to see, and how many on a page. */
record ListQuery(int limit, Order order, JobFilter filter) {
    private static final int MOST_ON_A_PAGE = 100;
    private static final String METADATA = "metadata";
    private static final Pattern PAIR = Pattern.compile(METADATA + "\\[.+]", Pattern.DOTALL);
    private static final Map<String, JobStatus> STATUSES = Arrays.stream(JobStatus.values())
            .filter(status -> status != JobStatus.DELETED)
            .collect(Collectors.toMap(JobStatus::wireName, status -> status));

    /**
     * @param caller who sees no other tenant's jobs
     * @param status null for any
     * @param model null for any
     * @param batch null for any
     * @param all parameters of the query, {@code metadata[key]} among them
     * @throws ApiException when one cannot be what it says
     */
    static ListQuery of(
            Caller caller,
            String limit,
            String order,
            String status,
            String model,
            String batch,
            MultivaluedMap<String, String> all) {
        return new ListQuery(
                limit(limit),
                order(order),
                new JobFilter(
                        status(status), model, batch(batch), metadata(all), caller.seesAll() ? null : caller.tenant()));
    }

    private static int limit(String text) {
        if (text.matches("\\d{1,3}")) {
            int limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= MOST_ON_A_PAGE) {
                return limit;
            }
        }
        throw invalid("limit", "must be a whole number from 1 to " + MOST_ON_A_PAGE);
    }

    private static Order order(String text) {
        return switch (text) {
            case "asc" -> Order.OLDEST_FIRST;
            case "desc" -> Order.NEWEST_FIRST;
            default -> throw invalid("order", "must be asc or desc");
        };
    }

    private static JobStatus status(String text) {
        if (text != null && !STATUSES.containsKey(text)) {
            throw invalid(
                    "status",
                    "must be one of "
                            + String.join(
                                    ", ", STATUSES.keySet().stream().sorted().toList()));
        }
        return text == null ? null : STATUSES.get(text);
    }

    private static BatchId batch(String text) {
        try {
            return text == null ? null : BatchId.parse(text);
        } catch (IllegalArgumentException e) {
            throw invalid("batch", "must be a batch's id: " + e.getMessage());
        }
    }

    private static Map<String, String> metadata(MultivaluedMap<String, String> query) {
        Map<String, String> pairs = new HashMap<>();
        for (Map.Entry<String, List<String>> parameter : query.entrySet()) {
            String name = parameter.getKey();
            if (name.startsWith(METADATA)) {
                if (!PAIR.matcher(name).matches() || parameter.getValue().size() != 1) {
                    throw invalid(name, "must be one metadata[key]=value for each key");
                }
                pairs.put(
                        name.substring(METADATA.length() + 1, name.length() - 1),
                        parameter.getValue().get(0));
            }
        }
        return pairs;
    }

    private static ApiException invalid(String parameter, String reason) {
        return ApiException.of(ApiErrorCode.INVALID_VALUE, parameter, parameter + " " + reason);
    }
}
