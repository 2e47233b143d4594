using System.Buffers.Binary;
using System.Security.Cryptography;
using Slipway.Server.Datasets.Reading;
using Xunit;

namespace Slipway.Server.Tests.Datasets;

/// <summary>The table digest is the one that <c>docs/datasets.md</c> specifies: the same for the same values, whatever they are written like.</summary>
public sealed class TableDigestTests
{
    // Spelled out by hand, so that it can't follow the code into a mistake.
    [Fact]
    public async Task The_digest_is_made_of_the_specified_bytes()
    {
        var n = SHA256.HashData([1, 0, 0, 0, 1, .. "7"u8, 0, 1, 0, 0, 0, 1, .. "0"u8]);
        var text = SHA256.HashData([1, 0, 0, 0, 0, 1, 0, 0, 0, 2, .. "é"u8, 0]);
        var real = SHA256.HashData([0, 1, 0, 0, 0, 8, .. Double(1.5), 1, 0, 0, 0, 8, .. Double(0)]);
        var none = SHA256.HashData([0, 0, 0]);
        byte[] table =
        [
            .. "slipway-table-1\n"u8, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 4,
            0, 0, 0, 1, .. "n"u8, 0, 0, 0, 7, .. "integer"u8, .. n,
            0, 0, 0, 2, .. "ü"u8, 0, 0, 0, 4, .. "text"u8, .. text,
            0, 0, 0, 1, .. "r"u8, 0, 0, 0, 5, .. "float"u8, .. real,
            0, 0, 0, 0, 0, 0, 0, 5, .. "empty"u8, .. none,
        ];

        var digest = await Tables.DigestAsync("n,ü,r,\n7,\"\",,\n,é,1.50,\n-0,,-0.0,\n");

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(table)), digest);
    }

    [Theory]
    [InlineData("a,b\n1,x\n", "a,b\r\n\"1\",\"x\"")]
    [InlineData("a,b\n1,x\n", "\uFEFFa,b\n\n1,x\n\n")]
    [InlineData("a\n1.5\n2\n", "a\n1.500\n2.0e0\n")]
    [InlineData("a\n0\n", "a\n-0\n")]
    [InlineData("a\n0.5\n0.0\nnan\n", "a\n5e-1\n-0.0\nNaN\n")]
    [InlineData("a\ntrue\n", "a\nTRUE\n")]
    [InlineData("a\n2024-01-01T10:00:00.500Z\n", "a\n2024-01-01 12:00:00.5+02:00\n")]
    [InlineData("a\n2024-01-01T00:00\n2024-01-01T00:01\n", "a\n2024-01-01\n2024-01-01 00:01:00.000\n")]
    public async Task How_values_are_written_does_not_matter(string left, string right) => Assert.Equal(await Tables.DigestAsync(left), await Tables.DigestAsync(right));

    [Theory]
    [InlineData("a,b\n1,x\n", "a,b\n1,\"x \"\n")]
    [InlineData("a,b\n1,x\n", "b,a\nx,1\n")]
    [InlineData("a,b\n1,x\n", "a,c\n1,x\n")]
    [InlineData("a,b\n1,x\n", "a,b\n1,x\n1,x\n")]
    [InlineData("a\n1\n2\n", "a\n2\n1\n")]
    [InlineData("a\n1\n2\n", "a\n1.0\n2.0\n")]
    [InlineData("a,b\n,x\n", "a,b\n\"\",x\n")]
    [InlineData("a\nx\n\"\"\n", "a\nx\n\n")]
    [InlineData("a\n0.1\n", "a\n0.10000000000000002\n")]
    [InlineData("a\n12345678901234567890123\n", "a\n12345678901234567890124\n")]
    [InlineData("a\n1\n\n", "a\n\n1\n")]
    [InlineData("a,b\nxy,z\n", "a,b\nx,yz\n")]
    [InlineData("a\n2024-01-01T10:00:00Z\n", "a\n2024-01-01T10:00:00\n")]
    [InlineData("a\n\n", "a\n\n\n")]
    public async Task Another_value_order_name_or_type_makes_another_digest(string left, string right) => Assert.NotEqual(await Tables.DigestAsync(left), await Tables.DigestAsync(right));

    [Theory]
    [InlineData("{\"a\":1,\"b\":[1,2]}", "{ \"b\" : [1, 2], \"a\" : 1 }", true)]
    [InlineData("{\"a\":{\"x\":1.0,\"y\":\"é\"}}", "{\"a\":{\"y\":\"\\u00e9\",\"x\":1.00}}", true)]
    [InlineData("{\"a\":1,\"b\":null}\n{\"b\":2}", "{\"a\":1}\n{\"b\":2,\"a\":null}", true)]
    [InlineData("{\"a\":1}", "{\"a\":\"1\"}", false)]
    [InlineData("{\"a\":\"\"}", "{\"a\":null}", false)]
    [InlineData("{\"a\":[1]}", "{\"a\":\"[1]\"}", false)]
    [InlineData("{\"a\":[1]}", "{\"a\":[1.0]}", false)]
    [InlineData("{\"a\":[1,[2]]}", "{\"a\":[[1],2]}", false)]
    [InlineData("{\"a\":1}\n{\"a\":\"x\"}", "{\"a\":\"1\"}\n{\"a\":\"x\"}", false)]
    public async Task The_order_of_JSON_keys_does_not_matter_and_their_values_do(string left, string right, bool areSame) =>
        Assert.Equal(areSame, await Tables.DigestAsync(left, TableFormat.JsonLines) == await Tables.DigestAsync(right, TableFormat.JsonLines));

    [Fact]
    public async Task One_table_has_one_digest_in_every_format()
    {
        var csv = await Tables.DigestAsync("a,b,c,d\n1,0.5,x,\n2,1e3,\"\",true\n");

        Assert.Equal(csv, await Tables.DigestAsync("a\tb\tc\td\n1\t0.50\tx\t\n2\t1000\t\"\"\tTrue\n", TableFormat.Tsv));
        Assert.Equal(csv, await Tables.DigestAsync("{\"d\":null,\"c\":\"x\",\"b\":5e-1,\"a\":1}\n{\"a\":2,\"b\":1000.0,\"c\":\"\",\"d\":true}\n", TableFormat.JsonLines));
    }

    [Fact]
    public async Task Whatever_the_formatting_the_digest_stays_and_whichever_value_changes_it_does_not()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var table = new RandomTable(seed);
            var digest = await Tables.DigestAsync(table.Write(new Random(seed)));

            Assert.Equal(digest, await Tables.DigestAsync(table.Write(new Random(seed + 1000))));
            Assert.NotEqual(digest, await Tables.DigestAsync(table.WithOneChange().Write(new Random(seed + 2000))));
        }
    }

    private static byte[] Double(double value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteDoubleBigEndian(bytes, value);
        return bytes;
    }
}
