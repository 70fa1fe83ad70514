package lab;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import common.Database;
import common.Env;
import common.Redis;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import lab.stack.Stack;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/// What Kubernetes, Compose and Swarm are told fits itself, the images and the services. There is no cluster to ask, so
/// Kubernetes' own types stand in for it.
class ManifestsTest {
    private static final Path DOCKER = Stack.root().resolve("docker");
    private static final Set<String> OURS = Set.of("vote", "worker", "result");

    /// Refuses what Kubernetes does not know; the types alone would keep it.
    private static final ObjectMapper STRICT = JsonMapper.builder()
            .annotationIntrospector(new JacksonAnnotationIntrospector() {
                private static final long serialVersionUID = 1;

                @Override
                public Boolean hasAnySetter(Annotated annotated) {
                    return false;
                }
            })
            .build();

    private final String dockerfile = read(DOCKER.resolve("Dockerfile"));
    private final Map<?, ?> kustomization = map(yaml(DOCKER.resolve("kubernetes/kustomization.yaml")));
    private final List<HasMetadata> resources = resources();
    private final Map<String, PodTemplateSpec> pods = pods();

    @Test
    void kustomizeAppliesEveryManifest() throws IOException {
        try (Stream<Path> files = Files.list(DOCKER.resolve("kubernetes"))) {
            Set<String> manifests = files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.equals("kustomization.yaml"))
                    .collect(toSet());
            assertEquals(manifests, Set.copyOf(list(kustomization.get("resources"))));
        }
    }

    @Test
    void everySelectorSelectsThePodsOfItsName() {
        for (HasMetadata resource : resources) {
            Map<String, String> selector = switch (resource) {
                case Service it -> it.getSpec().getSelector();
                case PodDisruptionBudget it -> it.getSpec().getSelector().getMatchLabels();
                case Deployment it -> it.getSpec().getSelector().getMatchLabels();
                case StatefulSet it -> it.getSpec().getSelector().getMatchLabels();
                default -> null;
            };
            if (selector != null) {
                Set<String> selected = pods.keySet().stream()
                        .filter(name -> labels(pods.get(name)).entrySet().containsAll(selector.entrySet()))
                        .collect(toSet());
                assertEquals(Set.of(name(resource)), selected, about(resource));
            }
        }
    }

    @Test
    void whatScalesAndWhatServesIsThere() {
        of(HorizontalPodAutoscaler.class).forEach(scaler -> {
            var target = scaler.getSpec().getScaleTargetRef();
            assertTrue(
                    resources.stream()
                            .anyMatch(it -> it.getKind().equals(target.getKind())
                                    && it.getApiVersion().equals(target.getApiVersion())
                                    && name(it).equals(target.getName())),
                    about(scaler));
        });
        Set<String> services = of(Service.class).map(ManifestsTest::name).collect(toSet());
        of(StatefulSet.class)
                .forEach(it -> assertTrue(services.contains(it.getSpec().getServiceName()), about(it)));
    }

    @Test
    void servicesAndProbesAskForPortsThatAreOpen() {
        of(Service.class)
                .forEach(service -> service.getSpec()
                        .getPorts()
                        .forEach(port -> assertTrue(opens(container(name(service)), target(port)), about(service))));
        pods.keySet().stream().map(this::container).forEach(container -> {
            probes(container).forEach(probe -> {
                IntOrString port = probe.getHttpGet() != null
                        ? probe.getHttpGet().getPort()
                        : probe.getTcpSocket() != null ? probe.getTcpSocket().getPort() : null;
                assertTrue(port == null || opens(container, port), container.getName() + ": " + probe);
            });
        });
        List<Integer> nodePorts = of(Service.class)
                .flatMap(service -> service.getSpec().getPorts().stream())
                .map(ServicePort::getNodePort)
                .filter(Objects::nonNull)
                .toList();
        assertEquals(Set.copyOf(nodePorts).size(), nodePorts.size(), "one node port each");
    }

    @Test
    void ourServicesListenWhereTheirUserMayAndTheirPortSays() {
        for (String service : OURS) {
            List<ContainerPort> ports = container(service).getPorts();
            assertEquals(1, ports.size(), service);
            int port = ports.getFirst().getContainerPort();
            assertEquals(new Env(environment(container(service))).port("PORT", 80), port, service);
            assertTrue(port >= 1024, service + " has no capability to open " + port);
        }
    }

    /// A page without its store says so to people, so it stays reachable; a worker has nothing to say.
    @Test
    void pagesAreReadyWhenTheyLiveAndTheWorkerWithItsNeighbours() {
        for (String service : OURS) {
            Container container = container(service);
            assertEquals("/livez", container.getStartupProbe().getHttpGet().getPath(), service);
            boolean page = !service.equals("worker");
            assertEquals(page, container.getLivenessProbe().getTcpSocket() != null, service); // a full one lives
            String ready = page ? "/livez" : "/readyz";
            assertEquals(ready, container.getReadinessProbe().getHttpGet().getPath(), service);
        }
    }

    private static List<InetSocketAddress> postgres(Env env) {
        var login = Database.from(env).login();
        int port = Integer.parseInt(login.getProperty("PGPORT").replaceFirst(",.*", ""));
        return Stream.of(login.getProperty("PGHOST").split(","))
                .map(host -> InetSocketAddress.createUnresolved(host, port))
                .toList();
    }

    @Test
    void theStoresAreWhereTheServicesLookForThem() {
        var nowhere = new Env(Map.of());
        for (InetSocketAddress store : List.of(
                Redis.from(nowhere).nodes().getFirst(), postgres(nowhere).getFirst())) {
            Service service = of(Service.class)
                    .filter(it -> name(it).equals(store.getHostString()))
                    .findFirst()
                    .orElseThrow();
            assertEquals(
                    store.getPort(), service.getSpec().getPorts().getFirst().getPort(), about(service));
        }
    }

    @Test
    void podsRunAsTheUserOfTheirImageAndMayDoNothingElse() {
        long ours = Long.parseLong(found("\nUSER (\\d+):", dockerfile));
        pods.forEach((name, pod) -> {
            var context = pod.getSpec().getSecurityContext();
            var of = container(name).getSecurityContext();
            assertTrue(context.getRunAsNonRoot() && context.getRunAsUser() != 0, name);
            assertTrue(!OURS.contains(name) || context.getRunAsUser() == ours, name);
            assertEquals("RuntimeDefault", context.getSeccompProfile().getType(), name);
            assertEquals(List.of("ALL"), of.getCapabilities().getDrop(), name);
            assertTrue(of.getReadOnlyRootFilesystem() && !of.getAllowPrivilegeEscalation(), name);
            assertTrue(!pod.getSpec().getEnableServiceLinks(), name + " would read REDIS_PORT=tcp://…");
        });
    }

    @Test
    void secretsSettingsAndVolumesAreThere() {
        Map<String, List<?>> secrets = generated("secretGenerator");
        Set<String> settings = generated("configMapGenerator").keySet();
        pods.forEach((name, pod) -> {
            Map<String, String> volumes = pod.getSpec().getVolumes().stream()
                    .collect(toMap(
                            Volume::getName,
                            it -> it.getSecret() == null ? "" : it.getSecret().getSecretName()));
            volumes.values().forEach(secret -> assertTrue(secret.isEmpty() || secrets.containsKey(secret), secret));
            Container container = container(name);
            container
                    .getEnvFrom()
                    .forEach(from ->
                            assertTrue(settings.contains(from.getConfigMapRef().getName()), name));
            for (VolumeMount mount : container.getVolumeMounts()) {
                assertTrue(volumes.containsKey(mount.getName()) || isClaimed(name, mount.getName()), name + mount);
            }
            environment(container).forEach((variable, file) -> {
                if (variable.endsWith("_FILE")) {
                    VolumeMount mount = container.getVolumeMounts().stream()
                            .filter(it -> Path.of(it.getMountPath())
                                    .equals(Path.of(file).getParent()))
                            .findFirst()
                            .orElseThrow(() -> new AssertionError(name + ": nothing is mounted for " + file));
                    List<?> literals = secrets.get(volumes.get(mount.getName()));
                    String key = Path.of(file).getFileName() + "=";
                    assertTrue(literals.stream().anyMatch(it -> it.toString().startsWith(key)), name + ": " + file);
                }
            });
        });
    }

    @Test
    void everyFileUsesTheImagesThatAreBuilt() {
        Map<String, Map<?, ?>> compose = services("../docker-compose.yml");
        Set<String> renamed = list(kustomization.get("images")).stream()
                .map(image -> (String) map(image).get("name"))
                .collect(toSet());
        for (String service : OURS) {
            String image = "voting-app-" + service;
            assertTrue(dockerfile.contains(" AS " + service + "\n"), service);
            assertEquals(service, map(compose.get(service).get("build")).get("target"));
            assertTrue(renamed.remove(image), image);
        }
        assertTrue(renamed.isEmpty(), "nothing uses " + renamed);
        for (String service : pods.keySet()) {
            String image = OURS.contains(service)
                    ? "voting-app-" + service
                    : (String) compose.get(service).get("image");
            assertEquals(image, compose.get(service).get("image"));
            assertEquals(image, container(service).getImage());
            String ofSwarm = (String) services("stack.yml").get(service).get("image");
            assertEquals(image, ofSwarm.replace("${REGISTRY-}", ""));
        }
    }

    @Test
    void everyPublishedPortIsExposed() {
        String exposed = found("\nEXPOSE (\\d+)\n", dockerfile);
        for (String file : List.of("../docker-compose.yml", "scale.yml", "stack.yml")) {
            services(file).forEach((service, it) -> {
                if (it.get("ports") instanceof List<?> ports && OURS.contains(service)) {
                    ports.forEach(port -> assertTrue(port.toString().endsWith(":" + exposed), file + ": " + port));
                }
            });
        }
    }

    @Test
    void everySettingIsOneThatTheServiceReads() {
        for (String file : List.of("../docker-compose.yml", "scale.yml", "cluster.yml", "stack.yml")) {
            services(file).forEach((service, it) -> {
                if (it.get("environment") instanceof Map<?, ?> environment && OURS.contains(service)) {
                    environment.keySet().forEach(name -> assertReads(service, name.toString(), file));
                }
            });
        }
        OURS.forEach(service ->
                environment(container(service)).keySet().forEach(name -> assertReads(service, name, "kubernetes")));
    }

    @Test
    void theClusterIsOfTheStoresThatTheServicesAreSentTo() {
        Map<String, Map<?, ?>> services = services("cluster.yml");
        Map<String, String> settings = map(services.get("worker").get("environment")).entrySet().stream()
                .collect(toMap(it -> it.getKey().toString(), it -> it.getValue().toString()));
        var env = new Env(settings);
        Redis redis = Redis.from(env);
        Set<String> hosts = Stream.of(redis.nodes(), postgres(env))
                .flatMap(Collection::stream)
                .map(InetSocketAddress::getHostString)
                .collect(toSet());
        Set<String> stores = services.keySet().stream()
                .filter(name -> name.matches("(redis|db)\\d*"))
                .collect(toSet());
        assertEquals(stores, hosts);
        int primaries = redis.nodes().size() / (1 + redis.minReplicas());
        assertEquals(primaries, redis.partitions(), "a list for each primary");
        assertEquals(
                "" + redis.minReplicas(),
                found("--cluster-replicas (\\d)", services.get("cluster").toString()));
    }

    @Test
    void everyRedisHasAVoteOnDiskBeforeItSaysYes() {
        for (String file : List.of("../docker-compose.yml", "cluster.yml", "stack.yml")) {
            services(file)
                    .forEach((service, it) -> assertTrue(
                            !service.startsWith("redis")
                                    || it.get("command").toString().contains("--appendfsync always"),
                            file + ": " + service));
        }
        assertTrue(String.join(" ", container("redis").getArgs()).contains("--appendfsync always"));
    }

    /// ReadmeTest holds the table to what the services read.
    private static void assertReads(String service, String setting, String where) {
        String row = "(?m)^\\| [^|]*`" + setting.replaceFirst("_FILE$", "") + "`[^|]*\\| ([^|]*) \\|";
        String readers = found(row, read(Stack.root().resolve("README.md")));
        assertTrue(readers.matches("all|.*" + service + ".*"), where + ": " + service + " does not read " + setting);
    }

    private static List<HasMetadata> resources() {
        var parser = new Yaml();
        return list(map(yaml(DOCKER.resolve("kubernetes/kustomization.yaml"))).get("resources")).stream()
                .map(file -> read(DOCKER.resolve("kubernetes").resolve(file.toString())))
                .flatMap(text -> Stream.of(text.split("(?m)^---$")))
                .map(document -> STRICT.convertValue(parser.load(document), KubernetesResource.class))
                .map(HasMetadata.class::cast)
                .toList();
    }

    private <T> Stream<T> of(Class<T> type) {
        return resources.stream().filter(type::isInstance).map(type::cast);
    }

    private Map<String, PodTemplateSpec> pods() {
        Map<String, PodTemplateSpec> pods = new HashMap<>();
        of(Deployment.class).forEach(it -> pods.put(name(it), it.getSpec().getTemplate()));
        of(StatefulSet.class).forEach(it -> pods.put(name(it), it.getSpec().getTemplate()));
        return pods;
    }

    private Container container(String pod) {
        List<Container> containers = pods.get(pod).getSpec().getContainers();
        assertEquals(1, containers.size(), pod);
        return containers.getFirst();
    }

    private boolean isClaimed(String pod, String volume) {
        return of(StatefulSet.class)
                .filter(it -> name(it).equals(pod))
                .flatMap(it -> it.getSpec().getVolumeClaimTemplates().stream())
                .anyMatch(claim -> name(claim).equals(volume));
    }

    private Map<String, List<?>> generated(String generator) {
        return list(kustomization.get(generator)).stream()
                .map(ManifestsTest::map)
                .collect(toMap(it -> (String) it.get("name"), it -> list(it.get("literals"))));
    }

    private static Map<String, String> environment(Container container) {
        return container.getEnv().stream().collect(toMap(EnvVar::getName, EnvVar::getValue));
    }

    private static Stream<Probe> probes(Container container) {
        return Stream.of(container.getStartupProbe(), container.getLivenessProbe(), container.getReadinessProbe());
    }

    private static IntOrString target(ServicePort port) {
        return port.getTargetPort() == null ? new IntOrString(port.getPort()) : port.getTargetPort();
    }

    private static boolean opens(Container container, IntOrString port) {
        return container.getPorts().stream()
                .anyMatch(it -> port.getStrVal() == null
                        ? port.getIntVal().equals(it.getContainerPort())
                        : port.getStrVal().equals(it.getName()));
    }

    private static Map<String, String> labels(PodTemplateSpec pod) {
        return pod.getMetadata().getLabels();
    }

    private static String name(HasMetadata resource) {
        return resource.getMetadata().getName();
    }

    private static String about(HasMetadata resource) {
        return resource.getKind() + " " + name(resource);
    }

    private static Map<String, Map<?, ?>> services(String file) {
        Map<?, ?> services = map(map(yaml(DOCKER.resolve(file))).get("services"));
        return services.entrySet().stream().collect(toMap(it -> (String) it.getKey(), it -> map(it.getValue())));
    }

    private static Object yaml(Path file) {
        return new Yaml().load(read(file).replace("!reset ", "")); // a word of Compose's own
    }

    private static Map<?, ?> map(Object yaml) {
        return (Map<?, ?>) yaml;
    }

    private static List<?> list(Object yaml) {
        return (List<?>) yaml;
    }

    private static String found(String pattern, String text) {
        var matcher = Pattern.compile(pattern).matcher(text);
        assertTrue(matcher.find(), "there is no " + pattern);
        return matcher.group(1);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
