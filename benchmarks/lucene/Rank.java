import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.lucene.analysis.core.WhitespaceAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;

/**
 * Ranks lists of tokens by Lucene's BM25, for benchmarks/retrieval.py.
 *
 * <p>Arguments: a file of passages and a file of queries, each line "id TAB tokens", and the depth.
 * Prints for each query "id", then "TAB document BLANK score" for each document found.
 */
public class Rank {
  private static final BM25Similarity BM25 = new BM25Similarity(1.2f, 0.75f);

  public static void main(String[] arguments) throws Exception {
    IndexSearcher searcher = new IndexSearcher(DirectoryReader.open(indexed(arguments[0])));
    searcher.setSimilarity(BM25);
    IndexSearcher.setMaxClauseCount(100_000);
    for (String line : Files.readAllLines(Path.of(arguments[1]))) {
      int tab = line.indexOf('\t');
      StringBuilder ranking = new StringBuilder(line.substring(0, tab));
      BooleanQuery query = query(line.substring(tab + 1));
      for (ScoreDoc hit : searcher.search(query, Integer.parseInt(arguments[2])).scoreDocs) {
        ranking.append('\t').append(searcher.doc(hit.doc).get("id")).append(' ').append(hit.score);
      }
      System.out.println(ranking);
    }
  }

  private static Directory indexed(String passages) throws Exception {
    Directory directory = new ByteBuffersDirectory();
    IndexWriterConfig config = new IndexWriterConfig(new WhitespaceAnalyzer());
    config.setSimilarity(BM25);
    try (IndexWriter writer = new IndexWriter(directory, config)) {
      for (String line : Files.readAllLines(Path.of(passages))) {
        int tab = line.indexOf('\t');
        Document document = new Document();
        document.add(new StringField("id", line.substring(0, tab), Field.Store.YES));
        document.add(new TextField("tokens", line.substring(tab + 1), Field.Store.NO));
        writer.addDocument(document);
      }
    }
    return directory;
  }

  private static BooleanQuery query(String tokens) {
    Map<String, Integer> counts = new TreeMap<>();
    for (String token : tokens.split(" ")) {
      if (!token.isEmpty()) {
        counts.merge(token, 1, Integer::sum);
      }
    }
    BooleanQuery.Builder query = new BooleanQuery.Builder();
    counts.forEach(
        (token, count) ->
            query.add(
                new BoostQuery(new TermQuery(new Term("tokens", token)), count),
                BooleanClause.Occur.SHOULD));
    return query.build();
  }
}
