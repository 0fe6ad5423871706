package dev.hbar.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hbar.mlx.ErrorText;
import dev.hbar.mlx.MlxMemory;
import dev.hbar.mlx.MlxThread;
import dev.hbar.model.decode.PrefixFolder;
import dev.hbar.monitor.generation.GenerationSettings;
import dev.hbar.serve.engine.Admission;
import dev.hbar.serve.engine.ApiException;
import dev.hbar.serve.engine.Engine;
import dev.hbar.serve.engine.Metrics;
import dev.hbar.serve.engine.ModelPool;
import dev.hbar.serve.protocol.ChatCompletions;
import dev.hbar.serve.protocol.Completions;
import dev.hbar.serve.protocol.Embeddings;
import dev.hbar.serve.protocol.Endpoint;
import dev.hbar.serve.protocol.Messages;
import dev.hbar.serve.protocol.Responses;
import dev.hbar.serve.protocol.Texts;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server that speaks the protocols of today's clients and says how unsure each token is. Started
 * when it is made; close it to free its port and its models. Any thread.
 */
public final class HbarServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HbarServer.class);
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final ServeSettings settings;
  private final Engine engine;
  private final Gate gate;
  private final WebServer web;
  private final AtomicBoolean ready = new AtomicBoolean();
  private final ScheduledExecutorService chores =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("hbar-chores").factory());

  /**
   * Listens, and loads the first model in the background.
   *
   * @param source where models and their risk come from
   * @throws dev.hbar.mlx.HbarException if the first checkpoint cannot be opened
   */
  public HbarServer(ServeSettings settings, ModelPool.Source source) {
    this.settings = settings;
    ModelPool pool =
        new ModelPool(
            settings.checkpoints(),
            source,
            settings.running(),
            settings.idle(),
            settings
                .prefixes()
                .map(kept -> new PrefixFolder.Place(kept.folder(), kept.most(), LOG::warn)),
            Clock.systemUTC());
    settings.pinned().forEach(pool::pin);
    this.engine =
        new Engine(
            pool,
            new Admission(settings.running(), settings.waiting()),
            new Metrics(),
            Clock.systemUTC());
    this.gate = new Gate(settings);
    pool.lease("").close();
    Map<String, Endpoint> endpoints = endpoints();
    this.web =
        WebServer.builder()
            .host(settings.host())
            .port(settings.port())
            .shutdownHook(false)
            .maxPayloadSize(settings.bodyBytes())
            .shutdownGracePeriod(Duration.ofSeconds(2))
            .featuresDiscoverServices(false)
            .directHandlers(HttpRefusals.of(endpoints))
            .routing(routing -> route(routing, endpoints))
            .build()
            .start();
    chores.execute(this::loadFirst);
    chores.scheduleWithFixedDelay(pool::closeIdle, 5, 5, TimeUnit.SECONDS);
  }

  private void loadFirst() {
    try {
      engine.on(
          "",
          model -> {
            engine.load(model, 1, GenerationSettings.builder().maxTokens(1).build());
            return true;
          });
      ready.set(true);
      LOG.info("{} is loaded", engine.pool().names().getFirst());
    } catch (RuntimeException | Error failure) {
      LOG.error("{} cannot be loaded: {}", engine.pool().names().getFirst(), failure.getMessage());
    }
  }

  /** The port it listens on. */
  public int port() {
    return web.port();
  }

  /**
   * Closes a connection whose client asked for that and reads until its end. Helidon says that it
   * does and keeps it open for minutes (helidon-io/helidon#12324).
   */
  private static void closeIfAsked(
      FilterChain chain, RoutingRequest request, RoutingResponse response) {
    chain.proceed();
    if (request.headers().contains(HeaderValues.CONNECTION_CLOSE)) {
      throw new CloseConnectionException("the client asked for it");
    }
  }

  private void route(HttpRouting.Builder routing, Map<String, Endpoint> endpoints) {
    routing.addFilter(HbarServer::closeIfAsked);
    endpoints.forEach(
        (path, endpoint) -> {
          Exchange exchange = new Exchange(path, endpoint, engine, gate, settings.bodyBytes());
          routing.post(path, exchange::answer);
          routing.any(path, exchange::wrongMethod);
        });
    routing.get("/v1/models", guarded(request -> models()));
    routing.get(
        "/v1/models/{+name}",
        guarded(request -> model(request.path().pathParameters().get("name"))));
    routing.get("/health", (request, response) -> Exchange.send(response, 200, status("ok")));
    routing.get("/ready", this::readiness);
    routing.get("/metrics", this::metrics);
    Page.route(routing);
    List.of("/v1/models", "/v1/models/{+name}", "/health", "/ready", "/metrics", "/openapi.json")
        .forEach(path -> routing.any(path, HbarServer::wrongMethod));
    routing.any(
        (request, response) ->
            Exchange.send(
                response,
                404,
                Exchange.OPENAI.error(
                    ApiException.of(
                        ApiException.Kind.NOT_FOUND,
                        "there is nothing at "
                            + ErrorText.quoted(request.path().path())
                            + ": /v1/chat/completions and the others are listed in /openapi.json"))));
  }

  /** The path is there for GET only. */
  private static void wrongMethod(ServerRequest request, ServerResponse response) {
    response.header("Allow", "GET");
    ApiException refused =
        ApiException.of(ApiException.Kind.METHOD, request.path().path() + " takes GET");
    Exchange.send(response, refused.kind().status(), Exchange.OPENAI.error(refused));
  }

  private Map<String, Endpoint> endpoints() {
    Map<String, Endpoint> endpoints = new LinkedHashMap<>();
    endpoints.put("/v1/chat/completions", new ChatCompletions(engine));
    endpoints.put("/v1/completions", new Completions(engine));
    endpoints.put("/v1/responses", new Responses(engine));
    endpoints.put("/v1/messages", new Messages(engine));
    endpoints.put("/v1/embeddings", new Embeddings(engine));
    endpoints.put("/v1/score", Texts.score(engine));
    endpoints.put("/v1/tokenize", Texts.tokenize(engine));
    return endpoints;
  }

  private interface Question {
    JsonNode answer(ServerRequest request);
  }

  private io.helidon.webserver.http.Handler guarded(Question question) {
    return (request, response) -> {
      try {
        gate.require(request);
        Exchange.send(response, 200, question.answer(request));
      } catch (ApiException refused) {
        Exchange.send(response, refused.kind().status(), Exchange.OPENAI.error(refused));
      }
    };
  }

  private JsonNode models() {
    ObjectNode body = JSON.objectNode().put("object", "list");
    ArrayNode data = body.putArray("data");
    engine.pool().names().forEach(name -> data.add(model(name)));
    return body;
  }

  private ObjectNode model(String name) {
    if (!engine.pool().names().contains(name)) {
      throw ApiException.of(
          ApiException.Kind.NOT_FOUND,
          "there is no model "
              + ErrorText.quoted(name)
              + ": ask for one of "
              + String.join(", ", engine.pool().names()));
    }
    ObjectNode node = JSON.objectNode().put("id", name).put("object", "model");
    node.put("created", engine.pool().opened(name).map(at -> at.getEpochSecond()).orElse(0L));
    return node.put("owned_by", "hbar").put("open", engine.pool().opened(name).isPresent());
  }

  private static ObjectNode status(String status) {
    return JSON.objectNode().put("status", status);
  }

  private void readiness(ServerRequest request, ServerResponse response) {
    boolean loaded = ready.get();
    Exchange.send(response, loaded ? 200 : 503, status(loaded ? "ready" : "loading"));
  }

  private void metrics(ServerRequest request, ServerResponse response) {
    Map<String, Number> gauges = new LinkedHashMap<>();
    gauges.put("hbar_requests_running", engine.admission().running());
    gauges.put("hbar_requests_waiting", engine.admission().waiting());
    MlxThread.run(
        () -> {
          MlxMemory.Snapshot memory = MlxMemory.snapshot();
          gauges.put("hbar_mlx_active_bytes", memory.active());
          gauges.put("hbar_mlx_cache_bytes", memory.cache());
          gauges.put("hbar_mlx_peak_bytes", memory.peak());
        });
    response.header("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    response.send(engine.metrics().text(gauges).getBytes(StandardCharsets.UTF_8));
  }

  /** Stops listening, then closes the models; answers under way end. Idempotent. */
  @Override
  public void close() {
    chores.shutdownNow();
    web.stop();
    engine.close();
  }
}
