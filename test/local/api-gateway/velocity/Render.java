import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.lang.StringEscapeUtils;
import org.apache.velocity.VelocityContext;
import org.apache.velocity.app.VelocityEngine;

/**
 * Renders one template a line with Apache Velocity; the answer is the base64 of what was rendered, or ! and the reason. A line
 * is fields between spaces, either the base64 of the template and of the texts that it sees as $t0, $t1, ...; or @, the base64
 * of the template and of the JSON {body, path, querystring, header, context, stageVariables} of an exchange, where the last five
 * are lists of pairs and the names of context have dots. After what such a one rendered come the overrides it set, each as
 * base64 of the name, kind and base64 of the value between colons.
 */
public class Render {
  public static class Util {
    public String base64Encode(String text) {
      return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
    public String base64Decode(String text) {
      return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
    }
    public String escapeJavaScript(String text) {
      return StringEscapeUtils.escapeJavaScript(text);
    }
    public String urlEncode(String text) throws Exception {
      return java.net.URLEncoder.encode(text, "UTF-8");
    }
    public String urlDecode(String text) throws Exception {
      return java.net.URLDecoder.decode(text, "UTF-8");
    }
    public Object parseJson(String text) {
      return new Json(text).document();
    }
  }

  /** $input, as far as the API's templates use it: a name that is missing here is printed as its source, and shows. */
  public static class Input {
    private static final Pattern STEP = Pattern.compile("\\.([A-Za-z_][A-Za-z0-9_]*)");
    private final String body;
    private final Map<String, Object> params = new LinkedHashMap<>();

    Input(Map<?, ?> exchange) {
      String text = (String) exchange.get("body");
      body = text.isEmpty() ? "{}" : text;
      for (String place : List.of("path", "querystring", "header")) params.put(place, joined(exchange.get(place)));
    }

    public String getBody() {
      return body;
    }
    public Map<String, Object> params() {
      return params;
    }
    public Object path(String path) {
      Object at = new Json(body).document();
      Matcher step = STEP.matcher(path).region(1, path.length());
      while (step.lookingAt()) {
        at = at instanceof Map ? ((Map<?, ?>) at).get(step.group(1)) : null;
        step.region(step.end(), path.length());
      }
      if (step.regionStart() != path.length()) throw new IllegalArgumentException(path);
      return at;
    }
  }

  /** An override may be set once. */
  public static class OverrideMap extends LinkedHashMap<String, Object> {
    @Override
    public Object put(String key, Object value) {
      if (containsKey(key)) throw new IllegalStateException(key);
      return super.put(key, value);
    }
  }

  /** A strict reader of JSON (RFC 8259). */
  private static class Json {
    private static final Pattern SPACE = Pattern.compile("[ \t\n\r]*");
    private static final Pattern TOKEN = Pattern.compile("([\\[\\]{}:,])|(true|false|null)"
        + "|(-?(?:0|[1-9][0-9]*)((?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?))|(\")");
    private final String text;
    private final Matcher token;
    private String string;
    private int end = 0;

    Json(String text) {
      this.text = text;
      token = TOKEN.matcher(text);
      skipSpace();
      next();
    }

    Object document() {
      Object value = value();
      if (end != text.length()) throw new IllegalArgumentException("more than one JSON value");
      return value;
    }

    private void next() {
      if (!token.region(end, text.length()).lookingAt()) throw new IllegalArgumentException("not JSON at " + end);
      end = token.end();
      string = token.group(5) == null ? null : string();
      skipSpace();
    }

    private void skipSpace() {
      Matcher space = SPACE.matcher(text).region(end, text.length());
      space.lookingAt();
      end = space.end();
    }

    /** By hand: a long text makes java.util.regex run out of stack. */
    private String string() {
      StringBuilder out = new StringBuilder();
      for (char character = read(); character != '"'; character = read()) {
        if (character < ' ') throw new IllegalArgumentException("a control character at " + end);
        out.append(character == '\\' ? escaped(read()) : character);
      }
      return out.toString();
    }

    private char escaped(char escape) {
      if (escape == 'u') {
        end += 4;
        return (char) Integer.parseUnsignedInt(text.substring(end - 4, end), 16);
      }
      int known = "\"\\/bfnrt".indexOf(escape);
      if (known < 0) throw new IllegalArgumentException("an unknown escape at " + end);
      return "\"\\/\b\f\n\r\t".charAt(known);
    }

    private char read() {
      return text.charAt(end++);
    }

    private boolean is(String punctuation) {
      return punctuation.equals(token.group(1));
    }

    private Object value() {
      if (is("{")) return object();
      if (is("[")) return array();
      if (token.group(2) != null) return token.group(2).equals("null") ? null : (Object) Boolean.valueOf(token.group(2));
      if (token.group(3) != null) return number(token.group(3), !token.group(4).isEmpty());
      if (string != null) return string;
      throw new IllegalArgumentException("not a JSON value at " + end);
    }

    private Map<String, Object> object() {
      Map<String, Object> map = new LinkedHashMap<>();
      next();
      if (is("}")) return map;
      while (true) {
        if (string == null) throw new IllegalArgumentException("not a JSON key at " + end);
        String key = string;
        next();
        if (!is(":")) throw new IllegalArgumentException("no colon at " + end);
        next();
        map.put(key, value());
        next();
        if (is("}")) return map;
        if (!is(",")) throw new IllegalArgumentException("no comma at " + end);
        next();
      }
    }

    private List<Object> array() {
      List<Object> list = new ArrayList<>();
      next();
      if (is("]")) return list;
      while (true) {
        list.add(value());
        next();
        if (is("]")) return list;
        if (!is(",")) throw new IllegalArgumentException("no comma at " + end);
        next();
      }
    }

    private static Object number(String digits, boolean isDouble) {
      if (isDouble) return Double.valueOf(digits);
      BigInteger integer = new BigInteger(digits);
      if (integer.bitLength() < 32) return integer.intValue();
      return integer.bitLength() < 64 ? (Object) integer.longValue() : integer;
    }
  }

  public static void main(String[] args) throws Exception {
    VelocityEngine engine = new VelocityEngine();
    engine.setProperty("runtime.log.logsystem.class", "org.apache.velocity.runtime.log.NullLogChute");
    engine.init();
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    PrintStream out = new PrintStream(System.out, true, "US-ASCII");
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] fields = line.split(" ", -1);
      boolean isExchange = fields[0].equals("@");
      VelocityContext context = isExchange ? exchangeContext(decode(fields[2])) : context(fields);
      StringWriter rendered = new StringWriter();
      try {
        engine.evaluate(context, rendered, "template", decode(fields[isExchange ? 1 : 0]));
        out.println(encode(rendered.toString()) + (isExchange ? overrides(context) : ""));
      } catch (Throwable problem) {
        out.println("!" + problem.getClass().getSimpleName());
      }
    }
  }

  private static VelocityContext exchangeContext(String json) {
    Map<?, ?> exchange = (Map<?, ?>) new Json(json).document();
    VelocityContext context = new VelocityContext();
    context.put("input", new Input(exchange));
    context.put("util", new Util());
    context.put("stageVariables", joined(exchange.get("stageVariables")));
    Map<String, Object> variables = new LinkedHashMap<>();
    for (Object entry : (List<?>) exchange.get("context")) {
      List<?> pair = (List<?>) entry;
      putNested(variables, (String) pair.get(0), pair.get(1));
    }
    variables.put("requestOverride", overrideMap("header", "path", "querystring"));
    variables.put("responseOverride", overrideMap("header"));
    context.put("context", variables);
    return context;
  }

  @SuppressWarnings("unchecked")
  private static void putNested(Map<String, Object> map, String name, Object value) {
    int dot = name.indexOf('.');
    if (dot < 0) {
      map.put(name, value);
      return;
    }
    Object inner = map.computeIfAbsent(name.substring(0, dot), key -> new LinkedHashMap<String, Object>());
    putNested((Map<String, Object>) inner, name.substring(dot + 1), value);
  }

  private static OverrideMap overrideMap(String... places) {
    OverrideMap map = new OverrideMap();
    for (String place : places) map.put(place, new OverrideMap());
    return map;
  }

  /** What has the same name, to the letter, is one value with commas. */
  private static Map<String, Object> joined(Object pairs) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (Object entry : (List<?>) pairs) {
      List<?> pair = (List<?>) entry;
      map.merge((String) pair.get(0), pair.get(1), (one, other) -> one + ", " + other);
    }
    return map;
  }

  private static String overrides(VelocityContext context) {
    StringBuilder out = new StringBuilder();
    Map<?, ?> variables = (Map<?, ?>) context.get("context");
    for (String name : List.of("requestOverride", "responseOverride")) write(out, name, variables.get(name));
    return out.toString();
  }

  private static void write(StringBuilder out, String name, Object value) {
    if (value instanceof OverrideMap) {
      for (Map.Entry<String, Object> entry : ((OverrideMap) value).entrySet()) {
        write(out, name + "." + entry.getKey(), entry.getValue());
      }
      return;
    }
    out.append(' ').append(encode(name)).append(':').append(value.getClass().getSimpleName());
    out.append(':').append(encode(value.toString()));
  }

  private static VelocityContext context(String[] fields) {
    VelocityContext context = new VelocityContext();
    for (int index = 1; index < fields.length; index++) context.put("t" + (index - 1), decode(fields[index]));
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", "value");
    map.put("count", 3);
    map.put("ratio", 0.5);
    List<Object> list = new ArrayList<>(List.of("p", "q", "r"));
    map.put("list", list);
    context.put("map", map);
    context.put("list", list);
    context.put("zero", 0);
    context.put("no", false);
    context.put("util", new Util());
    return context;
  }

  private static String encode(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String decode(String field) {
    return new String(Base64.getDecoder().decode(field), StandardCharsets.UTF_8);
  }
}
