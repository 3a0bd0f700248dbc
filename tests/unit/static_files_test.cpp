#include "http/static_files.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace coroom::http {
namespace {
namespace fs = std::filesystem;

/// A folder with a few files, and a secret beside it.
class StaticFilesTest : public testing::Test {
 protected:
  StaticFilesTest() {
    std::string pattern = fs::temp_directory_path() / "coroom-XXXXXX";
    base_ = mkdtemp(pattern.data());
    fs::create_directories(base_ / "root" / "sub");
    write("secret", "secret");
    write("root/index.html", "<!DOCTYPE html>");
    write("root/chat-1a2b3c4d5e6f.js", "let x");
    write("root/sub/page.css", "p{}");
    fs::create_symlink(base_ / "secret", base_ / "root" / "link.txt");
    fs::create_symlink("index.html", base_ / "root" / "inner.html");
  }
  StaticFilesTest(const StaticFilesTest&) = delete;
  StaticFilesTest& operator=(const StaticFilesTest&) = delete;
  ~StaticFilesTest() override { fs::remove_all(base_); }

  void write(const std::string& name, const std::string& text) const { std::ofstream(base_ / name) << text; }

  [[nodiscard]] Response get(const std::string& path, const std::string& etag = "") const {
    const FolderAssets files(*FolderAssets::check(base_ / "root"));
    Request request;
    request.path = path;
    if (!etag.empty()) request.headers.add("If-None-Match", etag);
    return static_file(files, path, request, "default-src 'self'");
  }

  fs::path base_;
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
  write("root/index.html", "changed it");
  EXPECT_EQ(get("/", etag).status, 200);
}

TEST_F(StaticFilesTest, OnlyNamesThatHoldAHashAreImmutable) {
  EXPECT_EQ(get("/chat-1a2b3c4d5e6f.js").headers.get("Cache-Control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(get("/").headers.get("Cache-Control"), "no-cache");
  EXPECT_FALSE(names_its_content("/my-document.js"));
  EXPECT_FALSE(names_its_content("/log-202601011200.txt")) << "a date, perhaps";
  EXPECT_FALSE(names_its_content("/a-1a2b3c4d5e6f"));
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
