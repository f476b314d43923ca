package io.text2video.gateway.api;

import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.inject.Singleton;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.HttpHeaders;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/**
 * The methods that each path of the API has, for {@code Allow}: the framework leaves it out of refusals, and to {@code OPTIONS}
 * it names those of all paths of a resource. Thread-safe.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-15.5.6">RFC 9110, 15.5.6</a>
 */
@Singleton
class AllowedMethods {
    private record Route(Pattern path, String method) {}

    private static final int METHOD_NOT_ALLOWED = 405;

    private final BeanManager beans;
    private volatile List<Route> routes;

    AllowedMethods(BeanManager beans) {
        this.beans = beans;
    }

    /** Whether there is something at the path of a request, though not for its method. */
    boolean refuse(ContainerRequestContext request) {
        Set<String> allowed = allowed(request);
        return !allowed.isEmpty() && !allowed.contains(request.getMethod());
    }

    @ServerResponseFilter
    void tell(ContainerRequestContext request, ContainerResponseContext response) {
        if (response.getStatus() == METHOD_NOT_ALLOWED || request.getMethod().equals(HttpMethod.OPTIONS)) {
            Set<String> allowed = allowed(request);
            if (!allowed.isEmpty()) {
                response.getHeaders().putSingle(HttpHeaders.ALLOW, String.join(", ", allowed));
            }
        }
    }

    /** None where there is nothing at the path. */
    private Set<String> allowed(ContainerRequestContext request) {
        String path = request.getUriInfo().getRequestUri().getRawPath().replaceFirst("/+$", "");
        Set<String> allowed = new TreeSet<>();
        for (Route route : routes()) {
            if (route.path().matcher(path).matches()) {
                allowed.add(route.method());
                allowed.add(HttpMethod.OPTIONS);
                if (route.method().equals(HttpMethod.GET)) {
                    allowed.add(HttpMethod.HEAD);
                }
            }
        }
        return allowed;
    }

    /** Read when first asked for: most gateways never are. */
    private List<Route> routes() {
        if (routes == null) {
            routes = beans.getBeans(Object.class, Any.Literal.INSTANCE).stream()
                    .map(Bean::getBeanClass)
                    .filter(type -> type.isAnnotationPresent(Path.class))
                    .distinct()
                    .flatMap(AllowedMethods::routes)
                    .toList();
        }
        return routes;
    }

    private static Stream<Route> routes(Class<?> resource) {
        String path = resource.getAnnotation(Path.class).value();
        return Arrays.stream(resource.getDeclaredMethods())
                .flatMap(operation -> Arrays.stream(operation.getAnnotations())
                        .map(Annotation::annotationType)
                        .filter(type -> type.isAnnotationPresent(HttpMethod.class))
                        .map(type -> new Route(
                                pattern(path + path(operation)),
                                type.getAnnotation(HttpMethod.class).value())));
    }

    private static String path(Method operation) {
        return operation.isAnnotationPresent(Path.class)
                ? operation.getAnnotation(Path.class).value()
                : "";
    }

    /** Of {@code {id}} one segment, of <code>{id: .+}</code> what it says. */
    private static Pattern pattern(String template) {
        return Pattern.compile(template.replaceAll("\\{\\w+}", "[^/]+").replaceAll("\\{\\w+:\\s*([^}]+)}", "(?:$1)"));
    }
}
