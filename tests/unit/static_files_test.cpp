#include "http/static_files.hpp"

#include "http/content_version.hpp"
#include "support/temporary.hpp"

#include <gtest/gtest.h>

#include <array>
#include <filesystem>

namespace coroom::http {
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

  [[nodiscard]] Response get(const std::string& path, const std::string& etag = "",
                             const std::string& version = "") const {
    const FolderAssets files(*FolderAssets::check(base_ / "root"));
    Request request;
    request.path = path;
    if (!etag.empty()) request.headers.add("If-None-Match", etag);
    if (!version.empty()) request.query.emplace_back("v", version);
    return static_file(files, path, request, "default-src 'self'");
  }

  test::TemporaryFolder folder_;
  fs::path base_ = folder_.path();
};

TEST_F(StaticFilesTest, ServesAFileWithItsTypeAndTheIndexForTheRoot) {
  const Response page = get("/");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.bytes(), "<!DOCTYPE html>");
  EXPECT_EQ(page.headers.get("Content-Type"), "text/html; charset=utf-8");
  EXPECT_EQ(page.headers.get("Content-Security-Policy"), "default-src 'self'");
  EXPECT_EQ(get("/sub/page.css").headers.get("Content-Type"), "text/css; charset=utf-8");
  EXPECT_EQ(get("/sub/page.css").headers.get("Content-Security-Policy"), std::nullopt);
}

TEST_F(StaticFilesTest, AnswersWithoutABodyWhatTheClientHasAlready) {
  const std::string etag(get("/").headers.get("ETag").value());
  const Response again = get("/", "\"other\", W/" + etag);
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(again.bytes(), "");
  EXPECT_EQ(again.headers.get("ETag"), etag);
  folder_.write("root/index.html", "changed it");
  EXPECT_EQ(get("/", etag).status, 200);
}

TEST_F(StaticFilesTest, OnlyNamesThatHoldAHashAreImmutable) {
  EXPECT_EQ(get("/chat-1a2b3c4d5e6f.js").headers.get("Cache-Control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(get("/").headers.get("Cache-Control"), "no-cache");
  EXPECT_FALSE(names_its_content("/my-document.js"));
  EXPECT_FALSE(names_its_content("/log-202601011200.txt")) << "a date, perhaps";
  EXPECT_FALSE(names_its_content("/a-1a2b3c4d5e6f"));
}

TEST_F(StaticFilesTest, AreImmutableAtTheAddressOfThisVersionAlone) {
  const FolderAssets files(*FolderAssets::check(base_ / "root"));
  const std::string version = content_version(*files.find("/index.html"));
  EXPECT_EQ(version.size(), content_version_size);
  const Response page = get("/index.html", "", version);
  EXPECT_EQ(page.headers.get("Cache-Control"), "public, max-age=31536000, immutable");
  const std::string etag(page.headers.get("ETag").value());
  EXPECT_EQ(get("/index.html", etag, version).headers.get("Cache-Control"),
            "public, max-age=31536000, immutable");
  EXPECT_EQ(get("/index.html", "", version + "0").headers.get("Cache-Control"), "no-cache");
  folder_.write("root/index.html", "changed it");
  EXPECT_EQ(get("/index.html", "", version).headers.get("Cache-Control"), "no-cache");
}

TEST_F(StaticFilesTest, ThereIsNoWayOutOfTheFolder) {
  for (const char* path :
       {"/../secret", "/sub/../../secret", "/link.txt", "//etc/passwd", "/etc/passwd", "/sub"}) {
    EXPECT_EQ(get(path).status, 404) << path;
  }
  EXPECT_EQ(get(std::string("/index.html\0.css", 16)).status, 404);
  EXPECT_EQ(get("/inner.html").status, 200) << "a link that stays inside is fine";
  EXPECT_EQ(get("/sub/../index.html").status, 200) << "so are dots that stay inside";
}

TEST_F(StaticFilesTest, AFolderThatIsNotThereIsRefusedByName) {
  const auto checked = FolderAssets::check(base_ / "nowhere");
  ASSERT_FALSE(checked);
  EXPECT_NE(checked.error().message.find("nowhere"), std::string::npos);
  EXPECT_FALSE(FolderAssets::check(base_ / "secret"));
}

TEST(EmbeddedAssets, AreFoundByTheirExactPath) {
  static constexpr std::array<EmbeddedFile, 1> files = {{{"/index.html", "page", "abc"}}};
  const EmbeddedAssets assets(files);
  ASSERT_TRUE(assets.find("/index.html"));
  EXPECT_EQ(assets.find("/index.html")->etag, "\"abc\"");
  EXPECT_FALSE(assets.find("/index"));
}

}  // namespace
}  // namespace coroom::http
