import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.node.Node;
import org.elasticsearch.plugins.PluginsLoader;

/**
 * A single Elasticsearch node on loopback. Arguments: the home folder (with its modules), the data folder and
 * the HTTP port. Ends with the process that started it: when standard input closes, the node closes.
 */
public final class EsNode {
    private EsNode() {}

    public static void main(String[] arguments) throws Exception {
        Path home = Path.of(arguments[0]);
        Path data = Path.of(arguments[1]);
        System.setProperty("es.path.home", home.toString());
        System.setProperty("es.logs.base_path", data.resolve("logs").toString());

        Settings settings = Settings.builder()
            .put("cluster.name", "crowsnest-tests")
            .put("node.name", "only")
            .put("path.home", home.toString())
            .put("path.data", data.toString())
            .put("path.logs", data.resolve("logs").toString())
            .put("discovery.type", "single-node")
            .put("network.host", "127.0.0.1")
            .put("http.port", arguments[2])
            .put("http.type", "netty4")
            .put("transport.port", "0")
            .put("transport.type", "netty4")
            // A nearly full disk of a developer's machine must not make the indices read-only.
            .put("cluster.routing.allocation.disk.threshold_enabled", false)
            .build();

        LogConfigurator.registerErrorListener();
        LogConfigurator.configureESLogging();
        LogConfigurator.configureWithoutConfig(settings);

        Environment environment = new Environment(settings, home.resolve("config"));
        var bundles = PluginsLoader.loadModulesBundles(home.resolve("modules"));
        var plugins = PluginsLoader.createPluginsLoader(bundles, Set.of(), Map.of(), false);
        try (Node node = new Node(environment, plugins)) {
            node.start();
            waitForEndOfInput();
        }
        System.exit(0);
    }

    private static void waitForEndOfInput() throws IOException {
        while (System.in.read() >= 0) {
            // What is written to us does not matter, only that the other end is still there.
        }
    }
}
