#include "web/static_files.hpp"

#include "support/temporary.hpp"
#include "web/content_version.hpp"
#include "web/media_types.hpp"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

namespace coroom::detail::web {
namespace {
namespace fs = std::filesystem;

/// A folder with a few files, and a secret beside it.
class StaticFilesTest : public testing::Test {
 protected:
  StaticFilesTest() {
    folder_.write("secret", "secret");
    folder_.write("root/index.html", "<!DOCTYPE html>");
    folder_.write("root/chat-1a2b3c4d5e6f.js", "let x");
    folder_.write("root/sub/page.css", "p{}");
    fs::create_symlink(base_ / "secret", base_ / "root" / "link.txt");
    fs::create_symlink("index.html", base_ / "root" / "inner.html");
  }

  [[nodiscard]] http::Response get(const std::string& path, const std::string& etag = "",
                                   const std::string& version = "") const {
    const FolderAssets files(*FolderAssets::check(base_ / "root"));
    Request request;
    request.path = path;
    if (!etag.empty()) request.headers.add("If-None-Match", etag);
    if (!version.empty()) request.query.emplace_back("v", version);
    return static_file(files, path, request, "default-src 'self'");
  }

  [[nodiscard]] http::Response get_encoded(const std::string& path, const std::string& accept_encoding,
                                           const std::string& etag = "") const {
    const FolderAssets files(*FolderAssets::check(base_ / "root"));
    Request request;
    request.path = path;
    if (!accept_encoding.empty()) request.headers.add("Accept-Encoding", accept_encoding);
    if (!etag.empty()) request.headers.add("If-None-Match", etag);
    return static_file(files, path, request, "default-src 'self'");
  }

  test::TemporaryFolder folder_;
  fs::path base_ = folder_.path();
};

TEST_F(StaticFilesTest, ServesFilesByTypeAndTheIndex) {
  const http::Response page = get("/");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.bytes(), "<!DOCTYPE html>");
  EXPECT_EQ(page.headers.get("Content-Type"), "text/html; charset=utf-8");
  EXPECT_EQ(page.headers.get("Content-Security-Policy"), "default-src 'self'");
  EXPECT_EQ(get("/sub/page.css").headers.get("Content-Type"), "text/css; charset=utf-8");
  EXPECT_EQ(get("/sub/page.css").headers.get("Content-Security-Policy"), std::nullopt);
}

TEST_F(StaticFilesTest, AnswersNotModifiedForAKnownETag) {
  const std::string etag(get("/").headers.get("ETag").value());
  const http::Response again = get("/", "\"other\", W/" + etag);
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(again.bytes(), "");
  EXPECT_EQ(again.headers.get("ETag"), etag);
  folder_.write("root/index.html", "changed it");
  EXPECT_EQ(get("/", etag).status, 200);
}

TEST_F(StaticFilesTest, CachesNamesWithAHashForever) {
  EXPECT_EQ(get("/chat-1a2b3c4d5e6f.js").headers.get("Cache-Control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(get("/").headers.get("Cache-Control"), "no-cache");
  EXPECT_FALSE(names_its_content("/my-document.js"));
  EXPECT_FALSE(names_its_content("/log-202601011200.txt")) << "it may be a date";
  EXPECT_FALSE(names_its_content("/a-1a2b3c4d5e6f"));
}

TEST_F(StaticFilesTest, CachesTheCurrentVersionForever) {
  const FolderAssets files(*FolderAssets::check(base_ / "root"));
  const std::string version = content_version(*files.find("/index.html"));
  EXPECT_EQ(version.size(), content_version_size);
  const http::Response page = get("/index.html", "", version);
  EXPECT_EQ(page.headers.get("Cache-Control"), "public, max-age=31536000, immutable");
  const std::string etag(page.headers.get("ETag").value());
  EXPECT_EQ(get("/index.html", etag, version).headers.get("Cache-Control"),
            "public, max-age=31536000, immutable");
  EXPECT_EQ(get("/index.html", "", version + "0").headers.get("Cache-Control"), "no-cache");
  folder_.write("root/index.html", "changed it");
  EXPECT_EQ(get("/index.html", "", version).headers.get("Cache-Control"), "no-cache");
}

TEST_F(StaticFilesTest, ServesCompressedFilesIfAccepted) {
  folder_.write("root/index.html.gz", "gzipped");
  folder_.write("root/index.html.br", "brotli");
  const http::Response plain = get_encoded("/", "");
  const http::Response gzip = get_encoded("/", "gzip");
  const http::Response br = get_encoded("/", "gzip, br");
  EXPECT_EQ(plain.bytes(), "<!DOCTYPE html>");
  EXPECT_EQ(gzip.bytes(), "gzipped");
  EXPECT_EQ(br.bytes(), "brotli");
  EXPECT_EQ(plain.headers.get("Content-Encoding"), std::nullopt);
  EXPECT_EQ(gzip.headers.get("Content-Encoding"), "gzip");
  EXPECT_EQ(br.headers.get("Content-Encoding"), "br");
  for (const http::Response* one : {&plain, &gzip, &br}) {
    EXPECT_EQ(one->headers.get("Vary"), "Accept-Encoding");
    EXPECT_EQ(one->headers.get("Content-Type"), "text/html; charset=utf-8");
    EXPECT_EQ(one->headers.get("Cache-Control"), "no-cache");
    EXPECT_EQ(one->headers.get("Content-Security-Policy"), "default-src 'self'");
  }
}

TEST_F(StaticFilesTest, HasAnETagPerCoding) {
  folder_.write("root/index.html.gz", "gzipped");
  folder_.write("root/index.html.br", "brotli!");
  const auto etag = [this](const char* accept) {
    return std::string(get_encoded("/", accept).headers.get("ETag").value());
  };
  EXPECT_NE(etag("gzip"), etag("br"));
  EXPECT_NE(etag("gzip"), etag(""));
  for (const char* has : {"", "gzip", "br"}) {
    for (const char* asks : {"", "gzip", "br"}) {
      const http::Response answer = get_encoded("/", asks, etag(has));
      EXPECT_EQ(answer.status, std::string_view(has) == asks ? 304 : 200) << has << " for " << asks;
      EXPECT_EQ(answer.headers.get("Vary"), "Accept-Encoding");
    }
  }
}

TEST_F(StaticFilesTest, IgnoresOutdatedCompressedFiles) {
  folder_.write("root/index.html.gz", "gzipped");
  const auto written = fs::last_write_time(base_ / "root/index.html");
  fs::last_write_time(base_ / "root/index.html.gz", written);
  EXPECT_EQ(get_encoded("/", "gzip").bytes(), "gzipped") << "as new as the file itself";
  fs::last_write_time(base_ / "root/index.html.gz", written - std::chrono::milliseconds(1));
  const http::Response page = get_encoded("/", "gzip");
  EXPECT_EQ(page.bytes(), "<!DOCTYPE html>");
  EXPECT_EQ(page.headers.get("Vary"), std::nullopt) << "there is only one variant";
}

TEST_F(StaticFilesTest, ServesCompressedFilesByName) {
  folder_.write("root/notes.txt.gz", "gzipped");
  const http::Response file = get_encoded("/notes.txt.gz", "gzip");
  EXPECT_EQ(file.bytes(), "gzipped");
  EXPECT_EQ(file.headers.get("Content-Type"), "application/gzip");
  EXPECT_EQ(file.headers.get("Content-Encoding"), std::nullopt);
  EXPECT_EQ(get_encoded("/notes.txt", "gzip").status, 404) << "there is no uncompressed file";
}

TEST_F(StaticFilesTest, IgnoresCompressedFilesOutsideTheFolder) {
  folder_.write("secret.gz", "secret");
  fs::create_symlink(base_ / "secret.gz", base_ / "root" / "index.html.gz");
  EXPECT_EQ(get_encoded("/", "gzip").bytes(), "<!DOCTYPE html>");
}

TEST_F(StaticFilesTest, CachesCompressedFilesForever) {
  folder_.write("root/chat-1a2b3c4d5e6f.js.br", "brotli");
  const http::Response script = get_encoded("/chat-1a2b3c4d5e6f.js", "br");
  EXPECT_EQ(script.bytes(), "brotli");
  EXPECT_EQ(script.headers.get("Cache-Control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(script.headers.get("Content-Type"), "text/javascript; charset=utf-8");
}

TEST_F(StaticFilesTest, RejectsPathsOutsideTheFolder) {
  for (const char* path :
       {"/../secret", "/sub/../../secret", "/link.txt", "//etc/passwd", "/etc/passwd", "/sub"}) {
    EXPECT_EQ(get(path).status, 404) << path;
  }
  EXPECT_EQ(get(std::string("/index.html\0.css", 16)).status, 404);
  EXPECT_EQ(get("/inner.html").status, 200) << "a link inside the folder is followed";
  EXPECT_EQ(get("/sub/../index.html").status, 200) << "dots inside the folder are resolved";
}

TEST_F(StaticFilesTest, DoesNotServeHiddenFiles) {
  for (const char* name : {".env", ".git/config", "sub/.b", "sub/.c/d", "...", "..e", ".well-known.txt",
                           "sub/.well-known/f", ".well-known/.g", ".well-known/security.txt", "a.b"}) {
    folder_.write(std::string("root/") + name, "text");
  }
  for (const char* path :
       {"/.env", "/.git/config", "/sub/.b", "/sub/.c/d", "/...", "/..e", "/.well-known.txt",
        "/sub/.well-known/f", "/.well-known/.g", "/./.env", "/sub/../.env", "/.well-known/../.env",
        "/.well-known/../.git/config", "/.git/../.git/config"}) {
    EXPECT_EQ(get(path).status, 404) << path;
  }
  EXPECT_EQ(get("/.well-known/security.txt").status, 200);
  EXPECT_EQ(get("/a.b").status, 200);
}

TEST_F(StaticFilesTest, SharesTheBytesOfAVersion) {
  const FolderAssets files(*FolderAssets::check(base_ / "root"));
  const auto find = [&](const char* path) { return std::get<SharedBytes>(files.find(path)->bytes); };
  const SharedBytes first = find("/index.html");
  EXPECT_EQ(find("/index.html"), first);
  EXPECT_EQ(find("/inner.html"), first) << "a link to the file";
  EXPECT_EQ(*find("/sub/page.css"), "p{}");
  EXPECT_EQ(find("/index.html"), first) << "reads of other files do not matter";

  folder_.write("root/index.html", "changed it");
  const SharedBytes changed = find("/index.html");
  EXPECT_EQ(*changed, "changed it");
  EXPECT_EQ(*first, "<!DOCTYPE html>");
  EXPECT_EQ(find("/index.html"), changed);

  const auto written = fs::last_write_time(base_ / "root/index.html");
  folder_.write("root/index.html", "CHANGED IT");
  fs::last_write_time(base_ / "root/index.html", written + std::chrono::milliseconds(1));
  EXPECT_EQ(*find("/index.html"), "CHANGED IT") << "the same size at another time";
}

TEST_F(StaticFilesTest, ReadsAFileAgainOnceReleased) {
  const FolderAssets files(*FolderAssets::check(base_ / "root"));
  std::weak_ptr<const std::string> read = std::get<SharedBytes>(files.find("/index.html")->bytes);
  EXPECT_TRUE(read.expired());
  EXPECT_EQ(*std::get<SharedBytes>(files.find("/index.html")->bytes), "<!DOCTYPE html>");
}

TEST_F(StaticFilesTest, FollowsALinkToTheCurrentRelease) {
  folder_.write("two/index.html", "<!doctype html>");
  const auto written = fs::last_write_time(base_ / "root/index.html");
  fs::last_write_time(base_ / "two/index.html", written);
  fs::create_symlink("root", base_ / "current");
  const FolderAssets files(*FolderAssets::check(base_ / "current"));
  const auto first = files.find("/index.html");
  ASSERT_TRUE(first);
  EXPECT_EQ(*std::get<SharedBytes>(first->bytes), "<!DOCTYPE html>");
  fs::remove(base_ / "current");
  fs::create_symlink("two", base_ / "current");
  const auto second = files.find("/index.html");
  ASSERT_TRUE(second);
  EXPECT_EQ(*std::get<SharedBytes>(second->bytes), "<!doctype html>");
  EXPECT_NE(first->etag, second->etag) << "although size and time are the same";
  EXPECT_FALSE(files.find("/../root/index.html"));
  fs::create_symlink(base_ / "root/index.html", base_ / "two/out.html");
  EXPECT_FALSE(files.find("/out.html")) << "the other release is outside the folder";
  fs::remove(base_ / "current");
  EXPECT_FALSE(files.find("/index.html"));
}

TEST_F(StaticFilesTest, SendsThePolicyWithScriptableTypes) {
  for (const char* name : {"/a.html", "/a.HTM", "/a.xhtml", "/a.svg", "/a.xml"}) {
    folder_.write(std::string("root") + name, "<x/>");
    EXPECT_TRUE(get(name).headers.get("Content-Security-Policy")) << name;
  }
  EXPECT_FALSE(get("/sub/page.css").headers.get("Content-Security-Policy"));
}

TEST_F(StaticFilesTest, UsesTheMediaTypesOfTheSystem) {
  folder_.write("table", "# a comment\napplication/pdf\t\tpdf\ntext/x-tea tea  # another\nimage/x-tea\n");
  const MediaTypes types(base_ / "table");
  EXPECT_EQ(types.of("/a/b.pdf"), "application/pdf");
  EXPECT_EQ(types.of("/b.min.TEA"), "text/x-tea; charset=utf-8");
  EXPECT_EQ(types.of("/a.js"), "text/javascript; charset=utf-8") << "types of the web are built in";
  EXPECT_EQ(types.of("/a.tea/b"), "application/octet-stream");
  EXPECT_EQ(types.of("/.pdf-"), "application/octet-stream");
  const MediaTypes none(base_ / "nowhere");
  EXPECT_EQ(none.of("/index.html"), "text/html; charset=utf-8");
  EXPECT_EQ(none.of("/b.pdf"), "application/octet-stream");
}

TEST_F(StaticFilesTest, NamesAMissingFolder) {
  const auto checked = FolderAssets::check(base_ / "nowhere");
  ASSERT_FALSE(checked);
  EXPECT_NE(checked.error().message.find("nowhere"), std::string::npos);
  EXPECT_FALSE(FolderAssets::check(base_ / "secret"));
}

TEST_F(StaticFilesTest, FindsEmbeddedFilesByExactPath) {
  static constexpr std::array<EmbeddedFile, 1> files = {{{"/index.html", "page", "abc"}}};
  const EmbeddedAssets assets(files);
  ASSERT_TRUE(assets.find("/index.html"));
  EXPECT_EQ(assets.find("/index.html")->etag, "\"abc\"");
  EXPECT_FALSE(assets.find("/index"));
  EXPECT_FALSE(assets.find_compressed("/index.html", ".gz"));
}

TEST_F(StaticFilesTest, ServesCompressedEmbeddedFiles) {
  static constexpr std::array<EmbeddedFile, 2> files = {
      {{"/a.js", "plain", "abc"}, {"/a.js.br", "brotli", "def"}}};
  const EmbeddedAssets assets(files);
  Request request;
  request.headers.add("Accept-Encoding", "gzip, br");
  const http::Response answer = static_file(assets, "/a.js", request, "");
  EXPECT_EQ(answer.bytes(), "brotli");
  EXPECT_EQ(answer.headers.get("ETag"), "\"def-br\"");
}

}  // namespace
}  // namespace coroom::detail::web
