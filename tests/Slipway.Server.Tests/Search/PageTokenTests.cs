using System.Buffers.Text;
using System.Text;
using Slipway.Server.Search.Paging;
using Slipway.Store;
using Xunit;

namespace Slipway.Server.Tests.Search;

public sealed class PageTokenTests
{
    private static readonly ColumnType[] Types = [ColumnType.Int64, ColumnType.Double, ColumnType.Text];

    [Fact]
    public void Values_come_back_exactly()
    {
        foreach (var values in new object[][]
        {
            [long.MaxValue, double.MaxValue, "a\"\\\n/é😀"],
            [long.MinValue, 0.1 + 0.2, ""],
            [0L, double.Epsilon, new string('x', 8000)],
            [1L, -5.0, "'; drop table runs; --"],
        })
        {
            Assert.Equal(values, PageToken.Decode(PageToken.Encode("q", values), "q", Types));
        }
    }

    [Fact]
    public void Nothing_means_the_first_page()
    {
        Assert.Null(PageToken.Decode(null, "q", Types));
        Assert.Null(PageToken.Decode("", "q", Types));
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("!!bad")]
    [InlineData("bm90IGpzb24=")]
    [InlineData("eyJvZmZzZXQiOiAyfQ==")]
    public void Garbage_is_refused(string token) => Refuses(token);

    [Theory]
    [InlineData("null")]
    [InlineData("1")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""["q"]""")]
    [InlineData("""["q",[]]""")]
    [InlineData("""["q",[1,2.5]]""")]
    [InlineData("""["q",[1,2.5,"a","b"]]""")]
    [InlineData("""["q",["1",2.5,"a"]]""")]
    [InlineData("""["q",[1.5,2.5,"a"]]""")]
    [InlineData("""["q",[1,"2",  "a"]]""")]
    [InlineData("""["q",[1,2.5,null]]""")]
    [InlineData("""["q",[1,2.5,["a"]]]""")]
    [InlineData("""["q",[1,2.5,"\u0000"]]""")]
    [InlineData("""["q",[1,2.5,"\ud800"]]""")]
    [InlineData("""["q",[99999999999999999999,2.5,"a"]]""")]
    [InlineData("""["other",[1,2.5,"a"]]""")]
    [InlineData("""[null,[1,2.5,"a"]]""")]
    [InlineData("""["q",{}]""")]
    public void What_we_never_made_is_refused(string json) => Refuses(Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Deep_nesting_is_refused() => Refuses(Base64Url.EncodeToString(Encoding.UTF8.GetBytes(new string('[', 100_000))));

    private static void Refuses(string token) =>
        Assert.Equal(FaultKind.Invalid, Assert.Throws<Fault>(() => PageToken.Decode(token, "q", Types)).Kind);
}
