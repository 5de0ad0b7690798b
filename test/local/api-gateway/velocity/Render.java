import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.lang.StringEscapeUtils;
import org.apache.velocity.VelocityContext;
import org.apache.velocity.app.VelocityEngine;

/**
 * Renders one template a line with Apache Velocity. A line is base64 fields between spaces: the template, then the texts that
 * it sees as $t0, $t1, ...; the answer is the base64 of what was rendered, or ! and the reason.
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
  }

  public static void main(String[] args) throws Exception {
    VelocityEngine engine = new VelocityEngine();
    engine.setProperty("runtime.log.logsystem.class", "org.apache.velocity.runtime.log.NullLogChute");
    engine.init();
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    PrintStream out = new PrintStream(System.out, true, "US-ASCII");
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] fields = line.split(" ", -1);
      StringWriter rendered = new StringWriter();
      try {
        engine.evaluate(context(fields), rendered, "template", decode(fields[0]));
        out.println(Base64.getEncoder().encodeToString(rendered.toString().getBytes(StandardCharsets.UTF_8)));
      } catch (Throwable problem) {
        out.println("!" + problem.getClass().getSimpleName());
      }
    }
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

  private static String decode(String field) {
    return new String(Base64.getDecoder().decode(field), StandardCharsets.UTF_8);
  }
}
