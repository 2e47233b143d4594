using Slipway.Server.Artifacts;
using Xunit;

namespace Slipway.Server.Tests.Artifacts;

public sealed class ContentHeadersTests
{
    [Theory]
    [InlineData("a.txt", "text/plain")]
    [InlineData("a.CSV", "text/plain")]
    [InlineData("MLmodel", "text/plain")]
    [InlineData("MLproject", "text/plain")]
    [InlineData("c.yaml", "text/plain")]
    [InlineData("x.xml", "text/plain")]
    [InlineData("x.js", "text/plain")]
    [InlineData("x.mjs", "text/plain")]
    [InlineData("page.html", "text/plain")]
    [InlineData("page.HTM", "text/plain")]
    [InlineData("page.xhtml", "text/plain")]
    [InlineData("page.svg", "text/plain")]
    [InlineData("img.png", "image/png")]
    [InlineData("doc.pdf", "application/pdf")]
    [InlineData("doc.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document")]
    [InlineData("m.pkl", "application/octet-stream")]
    [InlineData("noext", "application/octet-stream")]
    [InlineData(".hidden", "application/octet-stream")]
    public void The_type_comes_from_the_name_and_is_never_a_page(string name, string type) => Assert.Equal(type, ContentHeaders.TypeOf(name));

    [Theory]
    [InlineData("a.txt", "attachment; filename=a.txt")]
    [InlineData(".hidden", "attachment; filename=.hidden")]
    [InlineData("p c&+", "attachment; filename=\"p c&+\"; filename*=UTF-8''p%20c%26%2B")]
    [InlineData("漢.txt", "attachment; filename=\"_.txt\"; filename*=UTF-8''%E6%BC%A2.txt")]
    [InlineData("a\"b'c;d*.txt", "attachment; filename=\"a_b'c;d*.txt\"; filename*=UTF-8''a%22b%27c%3Bd%2A.txt")]
    [InlineData("a\r\nX: y", "attachment; filename=\"a__X: y\"; filename*=UTF-8''a%0D%0AX%3A%20y")]
    public void The_name_can_neither_end_its_header_nor_get_lost_in_it(string name, string header) => Assert.Equal(header, ContentHeaders.DispositionOf(name));
}
