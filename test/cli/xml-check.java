import java.io.ByteArrayInputStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;

/** Parses the document on standard input and prints one line for each element: depth, name, attributes. */
class XmlCheck {
  public static void main(String[] args) throws Exception {
    byte[] bytes = System.in.readAllBytes();
    var document =
        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new ByteArrayInputStream(bytes));
    print(document.getDocumentElement(), 0);
  }

  private static void print(Element element, int depth) {
    var line = new StringBuilder().append(depth).append('\t').append(element.getTagName());
    var attributes = element.getAttributes();
    for (int i = 0; i < attributes.getLength(); i++)
      line.append('\t').append(attributes.item(i).getNodeName()).append('=').append(attributes.item(i).getNodeValue());
    System.out.println(line);
    for (var child = element.getFirstChild(); child != null; child = child.getNextSibling())
      if (child instanceof Element next) print(next, depth + 1);
  }
}
