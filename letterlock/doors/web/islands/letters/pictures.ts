/** Pictures for a letter: made small in the browser, then uploaded sealed-to-be; the camera's notes stay behind. */

export const longestEdge = 1_600;
export const chosenBytes = 10 * 1024 * 1024;
const quality = 0.86;

/** Width and height of a picture that fits into 1,600 px, never enlarged. */
export function fit(width: number, height: number): { width: number; height: number } {
  const scale = Math.min(1, longestEdge / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/**
 * The picture drawn anew: at most 1,600 px, upright, and without the place and camera that a photograph carries.
 * Rejects when the browser cannot read it as a picture.
 */
export async function shrink(file: Blob): Promise<Blob> {
  const image = await createImageBitmap(file, { imageOrientation: "from-image" });
  const canvas = document.createElement("canvas");
  Object.assign(canvas, fit(image.width, image.height));
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  image.close();
  const isPhotograph = file.type === "image/jpeg" || file.type === "image/webp";
  return isPhotograph ? draw(canvas, "image/jpeg") : draw(canvas, "image/png");
}

/** Upload a picture to this draft; resolves to its id, rejects with the server's sentence. */
export async function upload(picture: Blob, address: string, token: string): Promise<string> {
  const body = new FormData();
  body.set("picture", picture, "picture");
  const headers = { Accept: "application/json", "X-CSRFToken": token };
  const answer = await fetch(address, { method: "POST", body, headers });
  const said = (await answer.json()) as { id: string; sentence: string };
  if (!answer.ok) throw Object.assign(new Error(said.sentence), { name: "Refused" });
  return said.id;
}

function draw(canvas: HTMLCanvasElement, type: string): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error(type))), type, quality);
  });
}
