#include "web/static_urls.hpp"

#include "support/temporary.hpp"

#include <coroom/log.hpp>

#include <gtest/gtest.h>

#include <chrono>

namespace coroom::detail::web {
namespace {

class StaticUrlsTest : public testing::Test {
 protected:
  StaticUrlsTest() { folder_.write("js/x.js", "let x;"); }

  [[nodiscard]] std::shared_ptr<const AssetSource> files() const {
    return std::make_shared<const FolderAssets>(*FolderAssets::check(folder_.path()));
  }

  test::TemporaryFolder folder_;
};

TEST_F(StaticUrlsTest, ContainsTheHashOfTheFile) {
  const StaticUrls urls(files(), "/static/", CachePolicy::keep);
  // printf 'let x;' | sha256sum
  EXPECT_EQ(urls.of("js/x.js"), "/static/js/x.js?v=d1dd7ab9aab9eace468cdc9457e4d535");
  folder_.write("a b?.txt", "let x;");
  EXPECT_EQ(urls.of("a b?.txt"), "/static/a%20b%3F.txt?v=d1dd7ab9aab9eace468cdc9457e4d535");
}

TEST_F(StaticUrlsTest, HashesAFileOnceIfCached) {
  const StaticUrls cached(files(), "/static/", CachePolicy::keep);
  const StaticUrls uncached(files(), "/static/", CachePolicy::reload);
  const std::string before = cached.of("js/x.js");
  EXPECT_EQ(uncached.of("js/x.js"), before);
  folder_.write("js/x.js", "let y;");
  EXPECT_EQ(cached.of("js/x.js"), before);
  EXPECT_NE(uncached.of("js/x.js"), before);
}

TEST_F(StaticUrlsTest, LogsAMissingFileOnce) {
  logging::configure(logging::Level::warning, logging::Format::text);
  const StaticUrls urls(files(), "/static/", CachePolicy::reload);
  testing::internal::CaptureStderr();
  EXPECT_EQ(urls.of("js/nope.js"), "/static/js/nope.js");
  EXPECT_EQ(urls.of("js/nope.js"), "/static/js/nope.js");
  EXPECT_EQ(urls.of("../x.js"), "/static/../x.js");
  logging::flush(std::chrono::seconds(10));
  const std::string logged = testing::internal::GetCapturedStderr();
  logging::configure(logging::Level::off, logging::Format::text);
  const auto first = logged.find("js/nope.js");
  EXPECT_NE(first, std::string::npos) << logged;
  EXPECT_EQ(logged.find("js/nope.js", first + 1), std::string::npos) << logged;
}

}  // namespace
}  // namespace coroom::detail::web
