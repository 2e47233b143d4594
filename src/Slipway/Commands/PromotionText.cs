using System.Text;
using Slipway.Wire.Governance;

namespace Slipway.Commands;

/// <summary>Promotions for people.</summary>
internal static class PromotionText
{
    public static string Of(Promotion promotion)
    {
        var text = new StringBuilder()
            .AppendLine($"Promotion {TextOf(promotion.Id)}: {promotion.Model} {promotion.Version} to {promotion.Stage}: {Words(promotion.State)}{(promotion.Reason is null ? "" : $": {promotion.Reason}")}")
            .AppendLine($"Asked for by {promotion.Requester} on {TimeText.Of(promotion.CreatedAt)}{(promotion.Justification.Length == 0 ? "" : $": {promotion.Justification}")}");
        if (promotion.Gates is { Count: > 0 } gates)
        {
            text.AppendLine().Append(TextTable.Of(["GATE", "MET", "MEASURED", "REQUIRED"], gates.Select(gate => (IReadOnlyList<string>)[gate.Gate, gate.Met ? "yes" : "NO", gate.Measured, gate.Required])));
        }

        if (promotion.Approvals.Count > 0)
        {
            text.AppendLine().Append(TextTable.Of(["BY", "SAID", "ON", "COMMENT"], promotion.Approvals.Select(approval =>
                (IReadOnlyList<string>)[approval.By, approval.Lapsed ? $"{approval.Verdict} (lapsed)" : approval.Verdict, TimeText.Of(approval.At), approval.Comment])));
        }

        if (promotion.Archives is { Count: > 0 } archives)
        {
            text.AppendLine().AppendLine($"Would be archived: {string.Join(", ", archives)}.");
        }

        return text.ToString();
    }

    public static string Of(PromotionsResponse page) => page.Promotions.Count == 0
        ? "No promotions."
        : TextTable.Of(["ID", "MODEL", "VERSION", "TO", "STATE", "REQUESTER", "MISSING"], page.Promotions.Select(promotion => (IReadOnlyList<string>)
            [TextOf(promotion.Id), promotion.Model, promotion.Version, promotion.Stage, Words(promotion.State), promotion.Requester, Missing(promotion)]));

    public static string TextOf(long number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static string Words(string state) => state.Replace('_', ' ');

    private static string Missing(Promotion promotion) => string.Join(", ", (promotion.Gates ?? []).Where(gate => !gate.Met).Select(gate => gate.Gate));
}
