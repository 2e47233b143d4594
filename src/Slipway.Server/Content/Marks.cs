namespace Slipway.Server.Content;

/// <summary>A set of ids that are close to each other: one bit for each.</summary>
internal sealed class Marks
{
    private ulong[] _words = new ulong[1024];

    public void Add(long id)
    {
        var word = checked((int)(id >> 6));
        if (word >= _words.Length)
        {
            Array.Resize(ref _words, Math.Max(word + 1, 2 * _words.Length));
        }

        _words[word] |= 1UL << (int)(id & 63);
    }

    public bool Has(long id) => (id >> 6) < _words.Length && (_words[id >> 6] & (1UL << (int)(id & 63))) != 0;
}
