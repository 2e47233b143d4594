using System.Globalization;
using Slipway.Store;

namespace Slipway.Server.Search.Paging;

/// <summary>A number in the text of a statement, where a parameter would not do.</summary>
internal static class SqlNumber
{
    // A place in the select list has to be one; and PostgreSQL plans for a tenth of the table when it can't see the limit.
    public static Sql Of(int number)
    {
        var literal = new Sql(8, 0);
        literal.AppendLiteral(number.ToString(CultureInfo.InvariantCulture));
        return literal;
    }
}
