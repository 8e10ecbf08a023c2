#!/usr/bin/env bash
# Makes one clip with curl and jq: PATH BODY IMAGE. Prints how the file starts, or how the job ended.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
auth="Authorization: Bearer $XAI_API_KEY"

jq --arg image "data:image/jpeg;base64,$(base64 -w0 "$3" | head -c 60000)" \
    'if .image then .image.url = $image else . end' <<<"$2" >"$work/body"
id=$(curl -sf -X POST "$BASE_URL/videos/$1" -H "$auth" -H 'Content-Type: application/json' -d @"$work/body" | jq -r .request_id)

for _ in $(seq 50); do
    code=$(curl -s -o "$work/reply" -w '%{http_code}' "$BASE_URL/videos/$id" -H "$auth")
    case $code in
    200) ;;
    202)
        sleep 0.05
        continue
        ;;
    *)
        echo "HTTP $code $(jq -r '"\(.code) \(.usage.cost_in_usd_ticks)"' "$work/reply")"
        exit 1
        ;;
    esac
    case $(jq -r .status "$work/reply") in
    done)
        curl -sf -o "$work/clip.mp4" "$(jq -r .video.url "$work/reply")"
        head -c 8 "$work/clip.mp4" | tail -c 4
        exit 0
        ;;
    *)
        echo "$(jq -r '"\(.status) \(.error.code)"' "$work/reply")"
        exit 1
        ;;
    esac
done
echo "still pending"
exit 1
